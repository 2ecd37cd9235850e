import { AppError } from '#core/error.ts';
import { commonDivisor, commonest, divisorOf, modulo } from './distance.ts';
import { rowsByPeriod } from './bar-period.ts';
import { recurringRows } from './recurring.ts';
import { day, hour, minute } from './timeframe.ts';
import type { Zone } from './zone.ts';

/** Months differ in length, so steps from this one on are not checked against a grid. */
const calendarStep = 28 * day;
/** A commonest distance this rare tells little of the length of the bars. */
const rareDistance = 0.25;

interface GridRows {
  /** Rows on the grid, as indices, ascending. */
  readonly rows: Int32Array;
  /** The step; where bars open at several phases of it, the largest width that divides all their distances, ms. */
  readonly slot: number;
  /** The first row off it, as an index; -1 where there is none. */
  readonly firstOff: number;
}

/**
 * The commonest distance of neighbouring times, ms; of equally common ones the smallest. Where it is rare and does not
 * divide the others, bars without trades were left out: then it is the largest number of whole minutes that divides 99 %
 * of the distances, if there is one. `time` ascends strictly.
 */
export function inferStep(time: Float64Array): number {
  const distance = (i: number) => time[i + 1] - time[i];
  const size = time.length - 1;
  const step = commonest(size, distance);
  let [same, multiples] = [0, 0];
  for (let i = 0; i < size; i++) {
    if (distance(i) === step) same++;
    if (distance(i) % step === 0) multiples++;
  }
  if (same >= rareDistance * size || multiples >= 0.9 * size) return step;
  return commonDivisor(size, distance, minute) ?? step;
}

/** Share of distances that are not `step`. */
export function irregularShare(time: Float64Array, step: number): number {
  let irregular = 0;
  for (let i = 1; i < time.length; i++) if (time[i] - time[i - 1] !== step) irregular++;
  return time.length > 1 ? irregular / (time.length - 1) : 0;
}

/**
 * Rows whose time lies on the grid of `step` (CLEANING.md#grid). The grid's phase is the commonest one, taken on the UTC
 * clock and on the zone's (a 4-hour bar that opens at local midnight moves against UTC in summer): a row that fits
 * either is on it. So is one an hour off that no bar of the grid overlaps by more than that hour: the market's clock
 * may change where the zone's does not. So is one at a clock time that recurs from day to day or from week to week:
 * sessions restart the grid. Steps of a day and more are held to one bar a period instead.
 * @throws AppError data_unreadable where fewer than half of the rows fit
 */
export function rowsOnGrid(time: Float64Array, step: number, zone: Zone): GridRows {
  const rows = time.length;
  const all = new Int32Array(rows);
  for (let i = 0; i < rows; i++) all[i] = i;
  if (step >= calendarStep) return { rows: all, slot: step, firstOff: -1 };
  const fits = new Uint8Array(rows);
  markPhase(fits, time, step);
  if (zone.name !== 'UTC') {
    markPhase(
      fits,
      time.map((at) => at + zone.offsetAt(at)),
      step,
    );
  }
  markShifted(fits, time, step);
  const further = fits.includes(0) ? (step >= day ? rowsByPeriod : recurringRows)(time, step, fits) : [];
  for (const row of further) fits[row] = 1;
  let size = 0;
  for (let i = 0; i < rows; i++) if (fits[i] === 1) all[size++] = i;
  const kept = all.subarray(0, size);
  if (size * 2 < rows) {
    const message = `only ${size} of ${rows} times lie on one grid of ${step / 1000} s`;
    throw new AppError(
      'data_unreadable',
      `Found no regular bars: ${message}. Expected bars at equal distances; resample ticks to bars before loading.`,
      { issues: [{ path: 'data.source', message }] },
    );
  }
  const firstOff = fits.indexOf(0);
  if (step >= day || further.length === 0) return { rows: kept, slot: step, firstOff };
  let slot = step;
  for (let k = 1; k < kept.length; k++) slot = divisorOf(slot, time[kept[k]] - time[kept[k - 1]]);
  return { rows: kept, slot, firstOff };
}

/** Marks the times that lie on the commonest phase of the step. */
function markPhase(fits: Uint8Array, clock: Float64Array, step: number): void {
  const phase = commonest(clock.length, (i) => modulo(clock[i], step));
  for (let i = 0; i < clock.length; i++) if (modulo(clock[i], step) === phase) fits[i] = 1;
}

/** Marks the times an hour off the phase of the rows marked, where they do not lie among these. */
function markShifted(fits: Uint8Array, time: Float64Array, step: number): void {
  if (hour % step === 0) return;
  const marked = fits.indexOf(1);
  const phase = marked < 0 ? NaN : modulo(time[marked], step);
  const least = step > hour ? step - hour : step;
  let last = -Infinity;
  let next = 0;
  for (let i = 0; i < time.length; i++) {
    if (fits[i] === 0) {
      next = Math.max(next, i + 1);
      while (next < time.length && fits[next] === 0) next++;
      const off = modulo(time[i] - phase, step);
      const isHour = off === modulo(hour, step) || off === modulo(-hour, step);
      if (isHour && time[i] - last >= least && (next === time.length || time[next] - time[i] >= least)) fits[i] = 1;
    }
    if (fits[i] === 1) last = time[i];
  }
}
