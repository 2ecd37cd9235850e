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
  const reasonOf = (row: number): string | undefined => {
    const [o, h, l, c] = [open[row], high[row], low[row], close[row]];
    if (!(o > 0 && h > 0 && l > 0 && c > 0)) return 'a price is missing or not above zero';
    if (!(o < Infinity && h < Infinity && l < Infinity && c < Infinity)) return 'a price is not finite';
    const [top, bottom] = [Math.max(o, c), Math.min(o, c)];
    if (h < top * (1 - 1e-9)) return 'high is below open or close';
    if (l > bottom * (1 + 1e-9)) return 'low is above open or close';
    if (!(volume[row] >= 0 && volume[row] < Infinity)) return 'volume is below zero or not finite';
    high[row] = Math.max(h, top);
    low[row] = Math.min(l, bottom);
    return undefined;
  };
  const valid = rows.filter((row) => {
    const reason = reasonOf(row);
    if (reason !== undefined && firstReason === undefined) [firstRow, firstReason] = [row, reason];
    return reason === undefined;
  });
  return { rows: valid, firstRow, firstReason };
}

/** The values of some rows, as columns. */
export function pick(values: Values, rows: Int32Array): Values {
  const take = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]);
  return {
    open: take(values.open),
    high: take(values.high),
    low: take(values.low),
    close: take(values.close),
    volume: take(values.volume),
    extra: mapExtra(values.extra, take),
  };
}
