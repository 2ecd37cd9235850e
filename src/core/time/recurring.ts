import { modulo } from './distance.ts';
import { day, week } from './timeframe.ts';

/** Periods with rows to either side in which a row is looked for at the same clock time. */
const reach = { [day]: 5, [week]: 4 } as const;
/** Times of a period and their ordinals go into one number. */
const mostPeriods = 2 ** 20;

/**
 * Rows to add to those that fit, as indices: at clock times that recur in half of the ten days with rows about them, or
 * in half of the eight weeks. So a session restarts its grid, and a first bar may be a short one. What stands alone, more
 * than one and a half steps from any row, or between two fitting rows a step apart, is no bar. `time` ascends strictly.
 */
export function recurringRows(time: Float64Array, step: number, fits: Uint8Array): readonly number[] {
  const recurs = new Uint8Array(time.length);
  markRecurring(recurs, time, day);
  markRecurring(recurs, time, week);
  const next = new Float64Array(time.length + 1).fill(Infinity);
  for (let row = time.length - 1; row >= 0; row--) next[row] = fits[row] === 1 ? time[row] : next[row + 1];
  const rows: number[] = [];
  let last = -Infinity;
  for (let row = 0; row < time.length; row++) {
    if (fits[row] === 1) last = time[row];
    else if (recurs[row] === 1 && next[row] - last > step) {
      const before = row > 0 ? time[row] - time[row - 1] : Infinity;
      const behind = row < time.length - 1 ? time[row + 1] - time[row] : Infinity;
      if (Math.min(before, behind) <= 1.5 * step) rows.push(row);
    }
  }
  return rows;
}

function markRecurring(recurs: Uint8Array, time: Float64Array, period: keyof typeof reach): void {
  // Sorted by time of the period, then by ordinal of the period among those with rows.
  const keys = new Float64Array(time.length);
  const starts: number[] = [];
  const firstRows: number[] = [];
  for (let row = 0; row < time.length; row++) {
    const clock = modulo(time[row], period);
    if (starts.at(-1) !== time[row] - clock) {
      starts.push(time[row] - clock);
      firstRows.push(row);
    }
    keys[row] = clock * mostPeriods + starts.length - 1;
  }
  firstRows.push(time.length);
  keys.sort();
  const side = reach[period];
  let [from, to] = [0, 0];
  for (let k = 0; k < keys.length; k++) {
    const ordinal = keys[k] % mostPeriods;
    const least = keys[k] - Math.min(side, ordinal);
    const most = keys[k] + Math.min(side, starts.length - 1 - ordinal);
    while (keys[from] < least) from++;
    while (to < keys.length && keys[to] <= most) to++;
    const others = to - from - 1;
    if (others < 2 || others * 2 < most - least) continue;
    const at = starts[ordinal] + (keys[k] - ordinal) / mostPeriods;
    recurs[findRow(time, at, firstRows[ordinal], firstRows[ordinal + 1])] = 1;
  }
}

/** The row of a time that is there, from `low` to before `high`. */
function findRow(time: Float64Array, at: number, low: number, high: number): number {
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (time[middle] <= at) low = middle;
    else high = middle;
  }
  return low;
}
