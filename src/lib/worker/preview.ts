import type { Bars } from '#core/bars/bars.ts';
import { decodeBars } from '#core/bars/bars-buffer.ts';
import { type Histogram, histogram } from '#core/chart/histogram.ts';
import type { Config } from '#core/config/config.ts';
import type { DatasetReport } from '#core/dataset/dataset.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { AppError, type ErrorCode, type Issue } from '#core/error.ts';

/** What a notebook page shows of data, features and targets before anything is trained. */
export interface Preview {
  readonly report: DatasetReport;
  /** Feature columns in the model's order. */
  readonly names: readonly string[];
  /** Scaled values of the newest rows, a column each; NaN is written where the model sees none. */
  readonly columns: readonly Float32Array[];
  /** Opening time of those rows, ms. */
  readonly time: Float64Array;
  /** Of all rows. */
  readonly histograms: readonly Histogram[];
}

interface PreviewFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly issues: readonly Issue[];
}

/** Rows of feature values that a picture is drawn from. */
const shownRows = 3000;

/** Bars and configuration to preview, by the same code that the trainer runs: the numbers are those it will see. */
function preview(bars: Bars, config: Config): Preview {
  const dataset = assembleDataset(bars, config);
  const width = dataset.names.length;
  const from = Math.max(0, dataset.rows - shownRows);
  const columns: Float32Array[] = [];
  const histograms: Histogram[] = [];
  for (let column = 0; column < width; column++) {
    const values = new Float32Array(dataset.rows);
    for (let row = 0; row < dataset.rows; row++) values[row] = dataset.features[row * width + column];
    histograms.push(histogram(values));
    columns.push(values.slice(from));
  }
  return { report: dataset.report, names: dataset.names, columns, time: dataset.time.slice(from), histograms };
}

/** What the worker answers: errors travel as values, because a class does not survive the way between threads. */
export type PreviewAnswer =
  { readonly ok: true; readonly preview: Preview } | { readonly ok: false; readonly failure: PreviewFailure };

/**
 * @param buffer bars as `encodeBars` writes them, with the columns that the features of `config` read, by name in order
 * @param step of the bars, ms
 */
export function answerPreview(buffer: ArrayBuffer, step: number, config: Config): PreviewAnswer {
  const columns = Object.keys(config.features.columns).sort();
  try {
    return { ok: true, preview: preview(decodeBars(buffer, step, columns), config) };
  } catch (error) {
    if (error instanceof AppError) {
      return { ok: false, failure: { code: error.code, message: error.message, issues: error.issues } };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, failure: { code: 'internal', message, issues: [] } };
  }
}
