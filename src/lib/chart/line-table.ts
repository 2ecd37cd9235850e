import { placeOf } from './line-reading.ts';
import type { LineSeries } from './line-series.ts';
import type { ChartTable } from './table.ts';
import type { Place, XAxis } from './x-axis.ts';

interface Row {
  readonly x: number;
  readonly cells: readonly (number | string)[];
  readonly values: (number | string)[];
}

/**
 * Stored points by their step or their x: table and CSV never see a decimated or smoothed series. The parent's curve is
 * left out, for of that only a picture's points were read.
 *
 * @param newest how many rows are wanted, the last ones; all unless told
 */
export function tableOfLines(series: readonly LineSeries[], axis: XAxis, newest = Infinity): ChartTable {
  const own = series.filter(({ role }) => role !== 'parent');
  const rows = new Map<string, Row>();
  own.forEach((one, column) => {
    let repeats = 0;
    for (let i = firstOf(one, newest); i < one.x.length; i++) {
      const place = placeOf(one, i);
      // Of a step there may be several readings, as while a run is paused.
      repeats = i > 0 && keyOf(place) === keyOf(placeOf(one, i - 1)) ? repeats + 1 : 0;
      const key = `${keyOf(place)} ${repeats}`;
      const row = rows.get(key) ?? { x: place.x, cells: axis.cells(place), values: own.map(() => '') };
      row.values[column] = one.y[i] ?? NaN;
      rows.set(key, row);
    }
  });
  const sorted = [...rows.values()].sort((a, b) => a.x - b.x).slice(-Math.min(newest, rows.size));
  return {
    columns: [...axis.columns, ...own.map(({ label }) => label)],
    rows: sorted.map(({ cells, values }) => [...cells, ...values]),
  };
}

/** Index of the first point that the newest rows may need, with those of its step before it. */
function firstOf(line: LineSeries, newest: number): number {
  let i = Math.max(0, line.x.length - newest);
  while (i > 0 && keyOf(placeOf(line, i)) === keyOf(placeOf(line, i - 1))) i--;
  return i;
}

/** Values of one step belong to one row, though they were measured one after the other. */
function keyOf({ x, step }: Place): string {
  return step !== undefined && Number.isFinite(step) ? `step ${step}` : `x ${x}`;
}
