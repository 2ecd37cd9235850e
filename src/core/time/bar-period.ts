import { modulo } from './distance.ts';
import { day, hour, week } from './timeframe.ts';

/** From here on the current period is written as one that is over. */
const longPeriod = 5 * day;
/** 1970-01-04 12:00 UTC: a week ends here, whatever the zone of its stamps. */
const sundayNoon = 3 * day + 12 * hour;

/**
 * Rows to add to those that fit, as indices: of bars of a day and more, each that stands alone in its period. A bar may
 * be stamped with the close of a half day, or with the last day of a week that a holiday cut short. The last row of bars
 * of days is still forming where no other is stamped at its clock time. `time` ascends strictly.
 */
export function rowsByPeriod(time: Float64Array, step: number, fits: Uint8Array): readonly number[] {
  const boundary = boundaryOf(time.subarray(0, -1), step);
  const period = (row: number): number => Math.floor((time[row] - boundary) / step);
  const rows: number[] = [];
  let fitting = 0;
  for (let row = 0; row < time.length; row++) {
    fitting += fits[row];
    if (row + 1 < time.length && period(row + 1) === period(row)) continue;
    // Of several rows in a period one at most is its bar: where none fits, the last, which knows most.
    if (fitting === 0) rows.push(row);
    fitting = 0;
  }
  const last = time.length - 1;
  const phase = modulo(time[last], step);
  const forms =
    step < longPeriod && rows.at(-1) === last && time.findIndex((at) => modulo(at, step) === phase) === last;
  return forms ? rows.slice(0, -1) : rows;
}

/** Where periods part: in the widest stretch of them at which no row is stamped, on its weekend or in its middle. */
function boundaryOf(time: Float64Array, step: number): number {
  const phases = time.map((at) => modulo(at, step)).sort();
  let [from, to] = [0, 0];
  for (let k = 0; k < phases.length; k++) {
    const before = k === 0 ? phases[phases.length - 1] - step : phases[k - 1];
    if (phases[k] - before > to - from) [from, to] = [before, phases[k]];
  }
  return step === week && modulo(sundayNoon - from, week) < to - from ? sundayNoon : (from + to) / 2;
}
