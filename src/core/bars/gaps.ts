import type { MarketCalendar, OpenPart } from '#core/sessions/market-calendar.ts';
import { modulo } from '#core/time/distance.ts';
import { day, week } from '#core/time/timeframe.ts';
import { untradedLimit } from './untraded.ts';

/** What lies between row `at` − 1 and row `at`. */
export interface Gap {
  readonly at: number;
  /** Opening time of the first missing bar, and of the bar behind the absence, ms. */
  readonly from: number;
  readonly to: number;
  /**
   * `closure`: the calendar explains it; `untraded`: so short and so ordinary in this file that nobody traded;
   * `gap`: bars are missing.
   */
  readonly kind: 'closure' | 'untraded' | 'gap';
  /** Bars missing at times at which the market is open; 0 for a closure. */
  readonly missing: number;
}

interface GapOptions {
  /** data.gaps.max_fill: absences up to this many bars may be bars without trades. */
  readonly maxFill: number;
  /** Volumes of the bars; null where there are none. */
  readonly volume: Float64Array | null;
  /** What divides all distances of bars that open at several phases of the step, ms; else the step. */
  readonly slot: number;
}

/** Longer than any closure that is concluded from a file instead of known. */
const longestClosure = 2 * week;
/** A holiday with its weekend: up to three trading days. */
const longestHoliday = 6 * day;
/** Holidays of the moon move by a month within the year. */
const sameSeason = 35 * day;
const year = 365.2425 * day;

/**
 * All places where bars are missing, in order (CLEANING.md#gaps). `time` ascends strictly; distances are rounded to
 * whole steps. Of a calendar that is not exact, holidays and early closes are concluded from the shape of an absence.
 */
export function findGaps(
  time: Float64Array,
  step: number,
  calendarOf: () => MarketCalendar,
  { maxFill, volume, slot }: GapOptions,
): readonly Gap[] {
  const absences: Absence[] = [];
  let calendar: MarketCalendar | undefined;
  for (let at = 1; at < time.length; at++) {
    if (time[at] - time[at - 1] < step + slot / 2) continue;
    calendar ??= calendarOf();
    const from = time[at - 1] + step;
    const part = calendar.openPart(from, time[at]);
    absences.push({ at, from, to: time[at], missing: part.missing, shape: part.shape });
  }
  if (!calendar) return [];
  const gaps = classify(absences, calendar, time);
  const short = gaps.filter(({ kind, from, to }) => kind === 'gap' && to - from <= longestClosure);
  const limit = step >= day ? 0 : untradedLimit(short, time.length, maxFill, volume);
  return limit === 0
    ? gaps
    : gaps.map((gap) => (gap.kind === 'gap' && gap.missing <= limit ? { ...gap, kind: 'untraded' as const } : gap));
}

interface Absence extends OpenPart {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

function classify(absences: readonly Absence[], calendar: MarketCalendar, time: Float64Array): Gap[] {
  const seasons = absences
    .filter((absence) => absence.shape === 'sessions' && isLongHoliday(absence))
    .map(({ from }) => from);
  let lastHoliday = -Infinity;
  return absences.map((absence): Gap => {
    const { at, from, to, missing } = absence;
    const gap = { at, from, to, kind: 'gap', missing } as const;
    const closure = { ...gap, kind: 'closure', missing: 0 } as const;
    if (calendar.exact) return missing > 0 ? gap : closure;
    if (to - from > longestClosure) return { ...gap, missing: Math.max(1, missing) };
    if (missing === 0) return closure;
    if (absence.shape !== 'within' && to - from < longestHoliday) {
      // Markets close early on the eve of a holiday or the day after it.
      if (absence.shape !== 'rest') lastHoliday = to;
      if (absence.shape !== 'rest' || from - lastHoliday < day) return closure;
    }
    if (absence.shape === 'sessions' && isLongHoliday(absence) && recurs(from, seasons)) return closure;
    if (isTurnOfYear(absence, calendar) || isOnlyWeekend(absence, calendar, time)) return closure;
    return gap;
  });
}

function isLongHoliday({ from, to }: Absence): boolean {
  return to - from >= longestHoliday && to - from <= longestClosure;
}

/** Whether another year has its like in the same season. */
function recurs(from: number, seasons: readonly number[]): boolean {
  return seasons.some((other) => {
    const apart = Math.abs(other - from);
    return apart > year / 2 && Math.abs(apart - Math.round(apart / year) * year) < sameSeason;
  });
}

/** Christmas and New Year's Day, which also markets keep that trade day and night. */
function isTurnOfYear({ from, to }: Absence, calendar: MarketCalendar): boolean {
  if (!calendar.closes || to - from > 4 * day) return false;
  const from1970 = new Date(to).getUTCFullYear();
  return [Date.UTC(from1970, 0, 1, 12), Date.UTC(from1970, 11, 25, 12)].some((noon) => from <= noon && noon < to);
}

/** A weekend of a file of at most two weeks, none of whose weekends has a bar: from Saturday noon to Sunday noon. */
function isOnlyWeekend({ from, to }: Absence, calendar: MarketCalendar, time: Float64Array): boolean {
  if (to - from > 4 * day || time[time.length - 1] - time[0] >= 2 * week) return false;
  const saturday = Math.ceil((from - 2.5 * day) / week) * week + 2.5 * day;
  if (!(from <= saturday && saturday + day <= to)) return false;
  return !time.some((at) => modulo(at - 2.5 * day, week) < day);
}
