import type { Values } from '#core/quotes/quotes.ts';
import { mapExtra } from './bars.ts';

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
  const valid = new Int32Array(rows.length);
  let size = 0;
  let firstRow = -1;
  let firstReason: string | undefined;
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k];
    const o = open[row];
    const h = high[row];
    const l = low[row];
    const c = close[row];
    const reason = flawOf(o, h, l, c, volume[row]);
    if (reason !== undefined) {
      if (firstReason === undefined) [firstRow, firstReason] = [row, reason];
      continue;
    }
    if (h < o || h < c) high[row] = Math.max(o, c);
    if (l > o || l > c) low[row] = Math.min(o, c);
    valid[size++] = row;
  }
  return { rows: valid.subarray(0, size), firstRow, firstReason };
}

function flawOf(open: number, high: number, low: number, close: number, volume: number): string | undefined {
  if (!(open > 0 && high > 0 && low > 0 && close > 0)) return 'a price is missing or not above zero';
  if (!(open < Infinity && high < Infinity && low < Infinity && close < Infinity)) return 'a price is not finite';
  if (high < Math.max(open, close) * (1 - 1e-9)) return 'high is below open or close';
  if (low > Math.min(open, close) * (1 + 1e-9)) return 'low is above open or close';
  if (!(volume >= 0 && volume < Infinity)) return 'volume is below zero or not finite';
  return undefined;
}

/** The values of some rows, each column as `take` gives it. */
export function pick(values: Values, rows: Int32Array): Values {
  return {
    open: take(values.open, rows),
    high: take(values.high, rows),
    low: take(values.low, rows),
    close: take(values.close, rows),
    volume: take(values.volume, rows),
    extra: mapExtra(values.extra, (column) => take(column, rows)),
  };
}

/** The values of a column in some rows: the column itself where these are all it has, in order. */
export function take(column: Float64Array, rows: Int32Array): Float64Array {
  if (areAll(rows, column.length)) return column;
  const out = new Float64Array(rows.length);
  for (let k = 0; k < rows.length; k++) out[k] = column[rows[k]];
  return out;
}

function areAll(rows: Int32Array, size: number): boolean {
  if (rows.length !== size) return false;
  for (let k = 0; k < size; k++) if (rows[k] !== k) return false;
  return true;
}
