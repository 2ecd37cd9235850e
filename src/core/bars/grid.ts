import { AppError } from '#core/error.ts';
import { day } from './timeframe.ts';
import type { Zone } from './zone.ts';

/** Months differ in length, so steps from this one on are not checked against a grid. */
const calendarStep = 28 * day;

/** The commonest distance of neighbouring times, ms; of equally common ones the smallest. `time` ascends strictly. */
export function inferStep(time: Float64Array): number {
  return commonest(time.length - 1, (i) => time[i + 1] - time[i]);
}

/** Share of distances that are not `step`. */
export function irregularShare(time: Float64Array, step: number): number {
  let irregular = 0;
  for (let i = 1; i < time.length; i++) if (time[i] - time[i - 1] !== step) irregular++;
  return time.length > 1 ? irregular / (time.length - 1) : 0;
}

/**
 * Rows whose time lies on the grid of `step`, as indices. The grid's phase is the commonest one, taken on the UTC
 * clock and on the zone's (a 4-hour bar that opens at local midnight moves against UTC in summer): a row that fits
 * either is on it.
 * @throws AppError data_unreadable where fewer than half of the rows fit
 */
export function rowsOnGrid(time: Float64Array, step: number, zone: Zone): Int32Array {
  const kept = new Int32Array(time.length);
  if (step >= calendarStep) return kept.map((_, i) => i);
  const clocks = zone.name === 'UTC' ? [time] : [time, time.map((at) => at + zone.offsetAt(at))];
  const phases = clocks.map((clock) => commonest(clock.length, (i) => modulo(clock[i], step)));
  let size = 0;
  for (let i = 0; i < time.length; i++) {
    if (clocks.some((clock, k) => modulo(clock[i], step) === phases[k])) kept[size++] = i;
  }
  if (size * 2 < time.length) {
    const message = `only ${size} of ${time.length} times lie on one grid of ${step / 1000} s`;
    throw new AppError(
      'data_unreadable',
      `Found no regular bars: ${message}. Expected bars at equal distances; resample ticks to bars before loading.`,
      { issues: [{ path: 'data.source', message }] },
    );
  }
  return kept.subarray(0, size);
}

/** The commonest of `length` values, of equally common ones the smallest; NaN where there is none. */
function commonest(length: number, valueAt: (i: number) => number): number {
  const counts = new Map<number, number>();
  // Values come in runs: counting those spares a look into the map for nearly every one.
  for (let i = 0; i < length;) {
    const value = valueAt(i);
    const first = i;
    do i++;
    while (i < length && valueAt(i) === value);
    counts.set(value, (counts.get(value) ?? 0) + i - first);
  }
  let best = NaN;
  let most = 0;
  for (const [value, count] of counts) {
    if (count > most || (count === most && value < best)) {
      best = value;
      most = count;
    }
  }
  return best;
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
