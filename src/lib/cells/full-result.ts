import type { CellResultOf } from '#core/api/cell-answers.ts';
import type { FeatureColumns } from '#lib/worker/preview.ts';

/** What a run of the features cell came to, as it is drawn. */
export function columnsOf(result: CellResultOf<'features'>): FeatureColumns {
  const { names, timeframes, warmup, columns, time, histograms, rows } = result;
  return {
    names,
    timeframes,
    warmup,
    columns: columns.map((column) => Float32Array.from(column, (value) => value ?? NaN)),
    time: Float64Array.from(time),
    histograms,
    rows,
    of: rows,
  };
}
