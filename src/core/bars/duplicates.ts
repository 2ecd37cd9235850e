import { AppError } from '#core/error.ts';
import { timeLabel } from '#core/time/time-label.ts';
import type { Values } from '#core/quotes/quotes.ts';
import { barColumns } from './bars.ts';

/** One row a time, and what was dropped for it. */
interface UniqueRows {
  readonly rows: Int32Array;
  readonly identical: number;
  readonly conflicting: number;
  /** Of the conflicting ones those that are no later state of the same bar: of other instruments, timeframes or sources. */
  readonly contradicting: number;
  /** The first two that conflict, in order of time. */
  readonly firstConflict: readonly [number, number] | null;
}

/** As many may be a last bar that was written before it was complete, in each of a few parts of a file. */
const few = 3;

/**
 * Keeps the last of several rows with the same time. `rows` is sorted by time, and by file order where times are equal.
 */
export function dropDuplicates(rows: Int32Array, ms: Float64Array, values: Values): UniqueRows {
  let [size, identical, conflicting, contradicting] = [0, 0, 0, 0];
  let firstConflict: UniqueRows['firstConflict'] = null;
  const kept = new Int32Array(rows.length);
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const last = size > 0 ? kept[size - 1] : -1;
    if (last >= 0 && ms[last] === ms[row]) {
      if (sameValues(values, last, row)) identical++;
      else {
        conflicting++;
        firstConflict ??= [last, row];
        if (!completes(values, last, row)) contradicting++;
      }
      kept[size - 1] = row;
    } else kept[size++] = row;
  }
  return { rows: kept.subarray(0, size), identical, conflicting, contradicting, firstConflict };
}

/**
 * Refuses rows of which two in five and more than ten say otherwise than another row of their time.
 * @throws AppError data_unreadable
 */
export function refuseContradictions(unique: UniqueRows, rows: number, ms: Float64Array, values: Values): void {
  const { contradicting, firstConflict } = unique;
  if (firstConflict === null || contradicting <= 10 || contradicting < 0.4 * rows) return;
  const message = `the same time stands there again with other prices in ${contradicting} of ${rows} rows, ${first(firstConflict, ms, values)}`;
  throw new AppError(
    'data_unreadable',
    `Expected one bar a time, and ${message}: several instruments or timeframes in one table? Give each a file of its ` +
      'own, or a column that names it.',
    { issues: [{ path: 'data.source', message }] },
  );
}

/** What to say of conflicting rows, where there are more than a few. */
export function conflictNote(
  { conflicting, firstConflict }: UniqueRows,
  rows: number,
  ms: Float64Array,
  values: Values,
): string | undefined {
  if (firstConflict === null || conflicting <= few) return undefined;
  return (
    `${conflicting} of ${rows} rows have the time of another row and other values, and the last of each time was kept: ` +
    `${first(firstConflict, ms, values)}; several instruments or timeframes in one table?`
  );
}

function first([a, b]: readonly [number, number], ms: Float64Array, { close }: Values): string {
  const both = close[a] === close[b] ? `close ${close[a]} in both` : `close ${close[a]} and then ${close[b]}`;
  return `first at ${timeLabel(ms[a])}, ${both}`;
}

/** Whether row b may be a later state of the bar of row a. */
function completes({ open, high, low, volume }: Values, a: number, b: number): boolean {
  return open[a] === open[b] && high[b] >= high[a] && low[b] <= low[a] && volume[b] >= volume[a];
}

function sameValues(values: Values, a: number, b: number): boolean {
  const same = (column: Float64Array) => Object.is(column[a], column[b]);
  return barColumns.every((column) => same(values[column])) && Object.values(values.extra).every(same);
}
