import { barColumns, mapExtra } from './bars.ts';
import type { Values } from './quotes.ts';

/**
 * Keeps the last of several rows with the same time. `rows` is sorted by time, and by file order where times are equal.
 */
export function dropDuplicates(
  rows: Int32Array,
  ms: Float64Array,
  values: Values,
): { rows: Int32Array; identical: number; conflicting: number } {
  let [size, identical, conflicting] = [0, 0, 0];
  const kept = new Int32Array(rows.length);
  for (const row of rows) {
    const last = kept[size - 1];
    if (size > 0 && ms[last] === ms[row]) {
      if (sameValues(values, last, row)) identical++;
      else conflicting++;
      kept[size - 1] = row;
    } else kept[size++] = row;
  }
  return { rows: kept.slice(0, size), identical, conflicting };
}

function sameValues(values: Values, a: number, b: number): boolean {
  const same = (column: Float64Array) => Object.is(column[a], column[b]);
  return barColumns.every((column) => same(values[column])) && Object.values(values.extra).every(same);
}

/** Rows that are possible bars, and the first that is not, with the reason. */
export interface ValidRows {
  readonly rows: Int32Array;
  readonly firstRow: number;
  readonly firstReason: string | undefined;
}

/**
 * Rows that are possible bars. Prices scaled by their vendor carry noise (`100076.00000000001`): a high or low that
 * misses open or close by less than a billionth is moved onto it.
 */
export function dropInvalid(rows: Int32Array, { open, high, low, close, volume }: Values): ValidRows {
  let firstRow = -1;
  let firstReason: string | undefined;
  const valid = new Int32Array(rows.length);
  let size = 0;
  for (const row of rows) {
    const [o, h, l, c] = [open[row], high[row], low[row], close[row]];
    const [top, bottom] = o > c ? [o, c] : [c, o];
    const reason = reasonOf(o, h, l, c, volume[row]);
    if (reason !== undefined) {
      if (firstReason === undefined) [firstRow, firstReason] = [row, reason];
      continue;
    }
    if (h < top) high[row] = top;
    if (l > bottom) low[row] = bottom;
    valid[size++] = row;
  }
  return { rows: valid.subarray(0, size), firstRow, firstReason };
}

/** Why the prices and the volume of a row are no bar; undefined where they are one. */
function reasonOf(open: number, high: number, low: number, close: number, volume: number): string | undefined {
  if (!(open > 0 && high > 0 && low > 0 && close > 0)) return 'a price is missing or not above zero';
  if (!(open < Infinity && high < Infinity && low < Infinity && close < Infinity)) return 'a price is not finite';
  if (high < Math.max(open, close) * (1 - 1e-9)) return 'high is below open or close';
  if (low > Math.min(open, close) * (1 + 1e-9)) return 'low is above open or close';
  return volume >= 0 && volume < Infinity ? undefined : 'volume is below zero or not finite';
}

/** The values of some rows in their order; the column itself where they are all of its rows. */
export function takeRows(column: Float64Array, rows: Int32Array): Float64Array {
  if (rows.length === column.length && rows.every((row, k) => row === k)) return column;
  const taken = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) taken[k] = column[rows[k]];
  return taken;
}

/** The values of some rows, as columns. */
export function pick(values: Values, rows: Int32Array): Values {
  const take = (column: Float64Array) => takeRows(column, rows);
  return {
    open: take(values.open),
    high: take(values.high),
    low: take(values.low),
    close: take(values.close),
    volume: take(values.volume),
    extra: mapExtra(values.extra, take),
  };
}
