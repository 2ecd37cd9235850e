import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { glanceAtNumbers } from '#core/table/number-format.ts';
import type { RawTable } from '#core/table/table.ts';
import { parseTimeText } from '#core/time/time-text.ts';
import { headOf, isDateAndClock, isNumeric, readsAsTime } from './column-content.ts';

/** Columns of a table without names, by what their values can be; undefined what cannot be known. */
interface ColumnOrder {
  readonly time?: readonly [number] | readonly [number, number];
  readonly prices?: Readonly<Record<'open' | 'high' | 'low' | 'close', number>>;
  readonly volume?: number;
  /** Indices of the columns that hold numbers and are not the time. */
  readonly numeric: readonly number[];
}

/** Four neighbouring columns that can be prices, in the order open, high, low, close. */
interface Window {
  /** Place of the first among the columns of numbers. */
  readonly from: number;
  /** Mean distance of the highest from the lowest, as a share of the lowest. */
  readonly spread: number;
  readonly columns: readonly number[];
}

/** Rows from which the order of columns is judged. */
const judgedRows = 5000;
/** Share of the rows in which a high must be the highest: a few rows of a file may be damaged. */
const most = 0.99;
const mostInOrder = 0.9;
/** How many times nearer the opens must lie to the closes before them than the closes to the opens before them. */
const nearer = 1.25;
/** The same where it speaks against the common order. */
const muchNearer = 2;

/** Places of high and low among four prices, the commonest order first: OHLC, OCHL, OCLH, LHOC, HLOC, …. */
const places = [
  ...([
    [1, 2],
    [2, 3],
    [3, 2],
    [1, 0],
    [0, 1],
    [2, 1],
  ] as const),
  ...([
    [0, 2],
    [2, 0],
    [0, 3],
    [3, 0],
    [1, 3],
    [3, 1],
  ] as const),
];

/**
 * Finds the time and the prices of a table without names. In the common order time, open, high, low, close the values
 * must only not speak against it. In any other, of four neighbouring columns the high is the one that is above the
 * others in every row and the low the one that is below them, and of the other two the close is the one that the next
 * open is near to.
 */
export function findOrder(table: RawTable, taken: ReadonlySet<number>): ColumnOrder {
  const head = headOf(table, judgedRows);
  const time = findTimeColumns(head, taken);
  const numeric = [...head.columns.keys()].filter(
    (index) => !taken.has(index) && !time?.some((at) => at === index) && isNumeric(head.columns[index]),
  );
  const descending = time !== undefined && isDescending(head.columns[time[0]]);
  const numbers = new Map(glanceAtNumbers(head, numeric).map((values, k) => [numeric[k], values]));
  const found = Array.from({ length: Math.max(0, numeric.length - 3) }, (_, from) => {
    const four = numeric.slice(from, from + 4);
    const columns = four.map((index) => numbers.get(index)!);
    const order = orderOf(columns, descending);
    return order && { from, spread: spreadOf(columns), columns: order.map((place) => four[place]) };
  })
    .filter((window) => window !== undefined)
    // A volume may be above or below all prices too, but not by so little.
    .reduce<Window | undefined>((best, next) => (best && best.spread <= next.spread ? best : next), undefined);
  const timed = time === undefined ? { numeric } : { time, numeric };
  if (!found) return timed;
  const [open, high, low, close] = found.columns;
  // A mean price of the bar lies within its range, as a volume rarely does.
  const volume = [...numeric.slice(found.from + 4), ...numeric.slice(0, found.from)].find(
    (index) => !isWithin(numbers.get(index)!, numbers.get(low)!, numbers.get(high)!),
  );
  return { ...timed, prices: { open, high, low, close }, ...(volume === undefined ? {} : { volume }) };
}

function findTimeColumns({ columns }: RawTable, taken: ReadonlySet<number>): ColumnOrder['time'] {
  for (let index = 0; index < columns.length; index++) {
    if (taken.has(index)) continue;
    const next = index + 1;
    if (next < columns.length && !taken.has(next) && isDateAndClock(columns[index], columns[next], false)) {
      return [index, next];
    }
    if (readsAsTime(columns[index])) return [index];
  }
  const first = columns.findIndex((_, index) => !taken.has(index));
  return first < 0 ? undefined : [first];
}

/** Places of open, high, low and close among four columns; undefined where the values do not say. */
function orderOf(
  columns: readonly Float64Array[],
  descending: boolean,
): readonly [number, number, number, number] | undefined {
  const [above, below, rows] = countExtremes(columns);
  const common = above[1] >= mostInOrder * rows && below[2] >= mostInOrder * rows;
  for (const [k, [high, low]] of places.entries()) {
    const fits = above[high] >= most * rows && below[low] >= most * rows;
    if (rows === 0 || !(fits || (k === 0 && common))) continue;
    const [first, second] = [0, 1, 2, 3].filter((place) => place !== high && place !== low);
    const openFirst = distance(columns[first], columns[second], descending);
    const closeFirst = distance(columns[second], columns[first], descending);
    if (k === 0) {
      const isReversed = rows > 4 && openFirst > closeFirst * muchNearer;
      return isReversed ? [second, high, low, first] : [first, high, low, second];
    }
    if (closeFirst > openFirst * nearer) return [first, high, low, second];
    return openFirst > closeFirst * nearer ? [second, high, low, first] : undefined;
  }
  return undefined;
}

function spreadOf(columns: readonly Float64Array[]): number {
  let [sum, rows] = [0, 0];
  for (let row = 0; row < columns[0].length; row++) {
    const values = columns.map((column) => column[row]);
    const spread = Math.max(...values) / Math.min(...values) - 1;
    if (!Number.isFinite(spread)) continue;
    sum += spread;
    rows++;
  }
  return sum / rows;
}

/** In how many rows each column is the highest and the lowest of all, and how many rows have all four. */
function countExtremes(columns: readonly Float64Array[]): [above: number[], below: number[], rows: number] {
  const above = columns.map(() => 0);
  const below = columns.map(() => 0);
  let rows = 0;
  for (let row = 0; row < columns[0].length; row++) {
    const values = columns.map((column) => column[row]);
    const [top, bottom] = [Math.max(...values), Math.min(...values)];
    if (!(bottom > 0 && top < Infinity)) continue;
    rows++;
    values.forEach((value, place) => {
      if (value >= top * (1 - 1e-9)) above[place]++;
      if (value <= bottom * (1 + 1e-9)) below[place]++;
    });
  }
  return [above, below, rows];
}

/** Sum of the distances of each open from the close of the bar before it. */
function distance(opens: Float64Array, closes: Float64Array, descending: boolean): number {
  let sum = 0;
  for (let row = 1; row < opens.length; row++) {
    const jump = Math.abs(descending ? opens[row - 1] - closes[row] : opens[row] - closes[row - 1]);
    if (Number.isFinite(jump)) sum += jump;
  }
  return sum;
}

function isDescending(times: RawColumn): boolean {
  const at = (row: number): number => {
    if (times.kind[row] !== cellKinds.text) return times.numbers[row];
    return parseTimeText(cellText(times, row), 'month-first')?.ms ?? NaN;
  };
  return times.kind.length > 1 && at(0) > at(times.kind.length - 1);
}

function isWithin(values: Float64Array, low: Float64Array, high: Float64Array): boolean {
  let [inside, rows] = [0, 0];
  values.forEach((value, row) => {
    if (Number.isNaN(value) || !(low[row] > 0)) return;
    rows++;
    if (value >= low[row] * (1 - 1e-9) && value <= high[row] * (1 + 1e-9)) inside++;
  });
  return rows > 1 && inside >= most * rows;
}
