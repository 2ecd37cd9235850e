import { lowerBound } from '#core/lower-bound.ts';
import { modulo } from './distance.ts';
import { day, hour, week } from './timeframe.ts';

/** Periods with rows to either side in which a row is looked for at the same clock time. */
const reach = { [day]: 5, [week]: 4 } as const;
type Period = keyof typeof reach;
/** Shares of those periods that have one: at the same time, or at it and an hour off together (a changed clock). */
const [half, most] = [0.5, 0.7];
/** Times of a period and ordinals of periods go into one number. */
const mostPeriods = 2 ** 20;

/**
 * Rows to add to those that fit, as indices: at clock times that recur on the days with rows about them, or in the weeks.
 * So a session restarts its grid, and a first bar may be a short one. A time at which rows stand alone, one and a half
 * steps from any other, is none of a session; and a row between two fitting ones a step apart is no bar. `time` ascends
 * strictly.
 */
export function recurringRows(time: Float64Array, step: number, fits: Uint8Array): readonly number[] {
  const near = nearRows(time, step, fits);
  const recurs = [recurrence(time, near, day), recurrence(time, near, week)];
  const next = new Float64Array(time.length + 1).fill(Infinity);
  for (let row = time.length - 1; row >= 0; row--) next[row] = fits[row] === 1 ? time[row] : next[row + 1];
  const rows: number[] = [];
  let last = -Infinity;
  for (let row = 0; row < time.length; row++) {
    if (fits[row] === 1) last = time[row];
    else if (next[row] - last > step && recurs.some((is) => is(time[row]))) rows.push(row);
  }
  return rows;
}

/** Rows with another one and a half steps away or less, of those that share the minute of the hour with a row off. */
function nearRows(time: Float64Array, step: number, fits: Uint8Array): Int32Array {
  const minutes = new Set<number>();
  for (let row = 0; row < time.length; row++) if (fits[row] === 0) minutes.add(modulo(time[row], hour));
  const rows = new Int32Array(time.length);
  let size = 0;
  for (let row = 0; row < time.length; row++) {
    const isNear =
      (row > 0 && time[row] - time[row - 1] <= 1.5 * step) ||
      (row + 1 < time.length && time[row + 1] - time[row] <= 1.5 * step);
    if (isNear && minutes.has(modulo(time[row], hour))) rows[size++] = row;
  }
  return rows.subarray(0, size);
}

/** Whether a time has its like in the periods about it. */
function recurrence(time: Float64Array, near: Int32Array, period: Period): (at: number) => boolean {
  const starts: number[] = [];
  let end = -Infinity;
  for (let row = 0; row < time.length; row++) {
    if (time[row] < end) continue;
    starts.push(time[row] - modulo(time[row], period));
    end = starts[starts.length - 1] + period;
  }
  const ordinalOf = (at: number): number => lowerBound(starts, at - modulo(at, period));
  // Sorted by the clock, then by the ordinal of the period among those with rows.
  const keys = new Float64Array(near.length);
  for (let k = 0, ordinal = 0; k < near.length; k++) {
    const at = time[near[k]];
    while (at >= starts[ordinal] + period) ordinal++;
    keys[k] = modulo(at, period) * mostPeriods + ordinal;
  }
  keys.sort();
  return (at) => {
    const ordinal = ordinalOf(at);
    const from = Math.max(0, ordinal - reach[period]);
    const to = Math.min(starts.length - 1, ordinal + reach[period]);
    const count = (clock: number): number => {
      const key = modulo(clock, period) * mostPeriods;
      return lowerBound(keys, key + to + 1) - lowerBound(keys, key + from);
    };
    const own = lowerBound(keys, modulo(at, period) * mostPeriods + ordinal);
    const others = count(at) - (keys[own] === modulo(at, period) * mostPeriods + ordinal ? 1 : 0);
    const least = Math.max(2, Math.min(3, to - from));
    if (others >= Math.max(least, half * (to - from))) return true;
    const shifted = others + Math.max(count(at - hour), count(at + hour));
    return shifted >= Math.max(least, most * (to - from));
  };
}
