import { AppError } from '#core/error.ts';
import { day } from './timeframe.ts';
import type { Zone } from './zone.ts';

/** Months differ in length, so steps from this one on are not checked against a grid. */
const calendarStep = 28 * day;

/** The commonest distance of neighbouring times, ms; of equally common ones the smallest. `time` ascends strictly. */
export function inferStep(time: Float64Array): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < time.length; i++) {
    const distance = time[i] - time[i - 1];
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  return commonest(counts);
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
  const all = Int32Array.from(time.keys());
  if (step >= calendarStep) return all;
  const clocks = zone.name === 'UTC' ? [time] : [time, time.map((at) => at + zone.offsetAt(at))];
  const phases = clocks.map((clock) => {
    const counts = new Map<number, number>();
    for (const at of clock) counts.set(modulo(at, step), (counts.get(modulo(at, step)) ?? 0) + 1);
    return commonest(counts);
  });
  const kept = all.filter((i) => clocks.some((clock, k) => modulo(clock[i], step) === phases[k]));
  if (kept.length * 2 < time.length) {
    const message = `only ${kept.length} of ${time.length} times lie on one grid of ${step / 1000} s`;
    throw new AppError(
      'data_unreadable',
      `Found no regular bars: ${message}. Expected bars at equal distances; resample ticks to bars before loading.`,
      { issues: [{ path: 'data.source', message }] },
    );
  }
  return kept;
}

function commonest(counts: ReadonlyMap<number, number>): number {
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
