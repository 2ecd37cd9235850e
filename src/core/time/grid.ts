import { AppError } from '#core/error.ts';
import { day, hour } from './timeframe.ts';
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
 * either is on it. So is one an hour off that no bar of the grid overlaps by more than that hour: the market's clock
 * may change where the zone's does not.
 * @throws AppError data_unreadable where fewer than half of the rows fit
 */
export function rowsOnGrid(time: Float64Array, step: number, zone: Zone): Int32Array {
  const rows = time.length;
  const all = new Int32Array(rows);
  for (let i = 0; i < rows; i++) all[i] = i;
  if (step >= calendarStep) return all;
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
  let size = 0;
  for (let i = 0; i < rows; i++) if (fits[i] === 1) all[size++] = i;
  if (size * 2 < rows) {
    const message = `only ${size} of ${rows} times lie on one grid of ${step / 1000} s`;
    throw new AppError(
      'data_unreadable',
      `Found no regular bars: ${message}. Expected bars at equal distances; resample ticks to bars before loading.`,
      { issues: [{ path: 'data.source', message }] },
    );
  }
  return all.subarray(0, size);
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

/** The commonest of `size` values; of equally common ones the smallest. */
function commonest(size: number, value: (index: number) => number): number {
  const counts = new Map<number, number>();
  // Neighbours are mostly alike, and a map is slow: runs of one value are counted as one.
  let [run, length] = [NaN, 0];
  const close = (): void => {
    if (length > 0) counts.set(run, (counts.get(run) ?? 0) + length);
  };
  for (let i = 0; i < size; i++) {
    const at = value(i);
    if (at === run) length++;
    else {
      close();
      [run, length] = [at, 1];
    }
  }
  close();
  let best = NaN;
  let most = 0;
  for (const [key, count] of counts) {
    if (count > most || (count === most && key < best)) {
      best = key;
      most = count;
    }
  }
  return best;
}

/** Of whole milliseconds, for which this is exact, and faster than `%`. */
function modulo(value: number, by: number): number {
  return value - Math.floor(value / by) * by;
}
