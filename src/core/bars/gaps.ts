import { day, week } from './timeframe.ts';
import type { Zone } from './zone.ts';

/** What lies between row `at` − 1 and row `at`. */
export interface Gap {
  readonly at: number;
  /** Bars missing at times at which the market is open; 0 = a closure that the calendar explains, no gap at all. */
  readonly missing: number;
  /** Opening times of the missing bars, given only up to `maxTimes` of them. */
  readonly times: readonly number[];
}

/** All places where bars are missing, in order. `time` ascends strictly; distances are rounded to whole steps. */
export function findGaps(time: Float64Array, step: number, zone: Zone, maxTimes: number): readonly Gap[] {
  const gaps: Gap[] = [];
  let calendar: Calendar | undefined;
  for (let at = 1; at < time.length; at++) {
    const absent = Math.round((time[at] - time[at - 1]) / step) - 1;
    if (absent < 1) continue;
    calendar ??= weeklyCalendar(time, step, zone);
    const from = time[at - 1] + step;
    const missing = calendar.count(from, absent);
    const times: number[] = [];
    if (missing > 0 && missing <= maxTimes) {
      for (let k = 0; k < absent; k++) if (calendar.isOpen(from + k * step)) times.push(from + k * step);
    }
    gaps.push({ at, missing, times });
  }
  return gaps;
}

interface Calendar {
  isOpen(at: number): boolean;
  /** Open slots among `slots` consecutive ones from `from` on. */
  count(from: number, slots: number): number;
}

/**
 * The market's calendar as the data shows it: a slot of the week (on the zone's clock) in which at most one week in
 * fifty has a bar counts as closed. Below four weeks, or where the step does not divide the week, nothing is known
 * and everything counts as open.
 */
function weeklyCalendar(time: Float64Array, step: number, zone: Zone): Calendar {
  const weeks = (time[time.length - 1] - time[0]) / week;
  if (weeks < 4 || step > day || week % step !== 0) return { isOpen: () => true, count: (_, slots) => slots };
  const perWeek = week / step;
  const bars = new Uint32Array(perWeek);
  const slotOf = (at: number): number => ((Math.floor((at + zone.offsetAt(at)) / step) % perWeek) + perWeek) % perWeek;
  for (const at of time) bars[slotOf(at)]++;
  const isOpen = (at: number): boolean => bars[slotOf(at)] > weeks * 0.02;
  const openPerWeek = bars.reduce((sum, count) => sum + (count > weeks * 0.02 ? 1 : 0), 0);
  return {
    isOpen,
    count(from, slots) {
      const whole = Math.floor(slots / perWeek);
      let open = whole * openPerWeek;
      for (let k = whole * perWeek; k < slots; k++) if (isOpen(from + k * step)) open++;
      return open;
    },
  };
}
