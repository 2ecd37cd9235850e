import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';

/** Whether a time stands in several rows; NaN is no time. */
export function hasRepeats(time: Float64Array): boolean {
  let [ascends, descends] = [true, true];
  for (let row = 1; row < time.length && (ascends || descends); row++) {
    ascends &&= time[row] > time[row - 1];
    descends &&= time[row] < time[row - 1];
  }
  if (ascends || descends) return false;
  const read = time.filter((ms) => !Number.isNaN(ms)).sort();
  return read.some((ms, k) => k > 0 && ms === read[k - 1]);
}

/** Rows that have the time of an earlier row, another close and another value of a column. */
export function countClashes(column: RawColumn, time: Float64Array, close: Float64Array): number {
  const first = new Map<number, number>();
  let count = 0;
  for (let row = 0; row < time.length; row++) {
    if (Number.isNaN(time[row]) || column.kind[row] === cellKinds.blank) continue;
    const other = first.get(time[row]);
    if (other === undefined) first.set(time[row], row);
    else if (close[other] !== close[row] && cellText(column, other) !== cellText(column, row)) count++;
  }
  return count;
}

/**
 * Whether the values of a column part the rows into series, as numbers of instruments do and counts of trades do not:
 * one value has a time once (in 95 % of the rows), and a row at one in three of all times between its first and last.
 */
export function partsIntoSeries({ kind, numbers }: RawColumn, time: Float64Array): boolean {
  const series = new Map<number, number[]>();
  const times = new Set<number>();
  let rows = 0;
  for (let row = 0; row < time.length; row++) {
    if (Number.isNaN(time[row]) || kind[row] === cellKinds.blank) continue;
    const one = series.get(numbers[row]);
    if (one) one.push(time[row]);
    else series.set(numbers[row], [time[row]]);
    times.add(time[row]);
    rows++;
  }
  const order = new Map([...Float64Array.from(times).sort()].map((at, place) => [at, place]));
  let [once, expected] = [0, 0];
  for (const own of series.values()) {
    const places = own.map((at) => order.get(at)!).sort((a, b) => a - b);
    once += new Set(places).size;
    expected += places[places.length - 1] - places[0] + 1;
  }
  return once >= 0.95 * rows && expected <= 3 * rows;
}
