import { modulo } from './distance.ts';
import { day } from './timeframe.ts';

/** From here on the current period is written as one that is over. */
const longPeriod = 5 * day;

/**
 * Rows to add to those that fit, as indices: of bars of a day and more, each that stands alone in its period. A bar may
 * be stamped with the close of a half day, or with the last day of a week that a holiday cut short. Periods are parted
 * in the middle of the widest stretch of the period at which no row is stamped. The last row of bars of days is still
 * forming where no other is stamped at its clock time. `time` ascends strictly.
 */
export function rowsByPeriod(time: Float64Array, step: number, fits: Uint8Array): readonly number[] {
  const boundary = middleOfWidest(time, step);
  const period = (row: number): number => Math.floor((time[row] - boundary) / step);
  const rows: number[] = [];
  for (let from = 0, to = 0; from < time.length; from = to) {
    let fitting = 0;
    for (to = from; to < time.length && period(to) === period(from); to++) fitting += fits[to];
    // Of several rows in a period one at most is its bar: where none fits, the last, which knows most.
    if (fitting === 0) rows.push(to - 1);
  }
  const last = time.length - 1;
  const phase = modulo(time[last], step);
  const forms =
    step < longPeriod && rows.at(-1) === last && time.findIndex((at) => modulo(at, step) === phase) === last;
  return forms ? rows.slice(0, -1) : rows;
}

function middleOfWidest(time: Float64Array, step: number): number {
  const phases = time.map((at) => modulo(at, step)).sort();
  let [middle, widest] = [0, -1];
  for (let k = 0; k < phases.length; k++) {
    const before = k === 0 ? phases[phases.length - 1] - step : phases[k - 1];
    if (phases[k] - before > widest) [middle, widest] = [(phases[k] + before) / 2, phases[k] - before];
  }
  return middle;
}
