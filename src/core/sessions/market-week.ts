import { modulo } from '#core/time/distance.ts';
import { day, formatTimeframe, hour, week } from '#core/time/timeframe.ts';
import { alwaysOpen, type MarketCalendar, type OpenPart } from './market-calendar.ts';
import { type OpenWeek, openWeek } from './open-week.ts';
import { countWeeks, type Weeks } from './week-counts.ts';

/** Weeks learned together: about a year, so that trading hours may change over the years. */
const eraWeeks = 52;
/** Slots of all tables together: five years of seconds. More would be longer than most files, and slow. */
const mostSlots = 3_100_000;

/**
 * The market's own week as its bars show it, whatever zone they are stamped in: a slot of the week in which fewer than
 * two fifths as many weeks have a bar as in a busy slot counts as closed. Only weeks that have bars are counted, about a year
 * of them at a time; in each, the week may lie up to two hours earlier or later than in the first (daylight saving).
 * Below two weeks the day takes the place of the week, and needs three of them.
 *
 * @param time opening times, ascending strictly, at least two
 * @param width of a slot, ms; divides the step where bars open at several phases of it
 */
export function learnWeek(time: Float64Array, step: number, width = step): MarketCalendar {
  const eraCount = Math.ceil((time[time.length - 1] - time[0]) / (eraWeeks * week));
  // Slots too fine to be held: bars at several phases are rounded to whole steps.
  const slot = (eraCount * week) / width > mostSlots ? step : width;
  const perWeek = week / slot;
  if (step > day || !Number.isInteger(perWeek) || eraCount * perWeek > mostSlots) {
    return alwaysOpen(step, `none: ${formatTimeframe(step)} bars are expected one after the other`);
  }
  const weeks = countWeeks(time, step, slot, eraWeeks);
  const eras = weeks.eras.map((era) => openWeek(era, weeks, step, slot));
  if (eras.every((era) => era === undefined)) {
    return alwaysOpen(step, 'none: the file is too short to show when the market closes');
  }
  const hours = Math.max(...eras.map((era) => (era ? era.perWeek : perWeek))) * (slot / hour);
  const shifted = weeks.shift.reduce((count, shift) => count + (shift === 0 ? 0 : 1), 0);
  const closes = eras.some((era) => era !== undefined && era.perWeek < perWeek);
  const days = eras[0]?.ofDays ? `${Math.floor((time[time.length - 1] - time[0]) / day) + 1} days` : undefined;
  const clock = shifted > 0 ? `, its clock moved in ${shifted} of them` : '';
  const words = !closes
    ? `learned from the file: open all week (${days ?? `${weeks.number.length} weeks`})`
    : days
      ? `learned from ${days} of the file: open ${figure(hours / 7)} hours a day`
      : `learned from ${weeks.number.length} weeks of the file: open ${step === day ? `${figure(hours / 24)} days` : `${figure(hours)} hours`} a week${clock}`;
  return { words, exact: false, closes, ...weeklyCalendar(weeks, eras, step, slot, closes) };
}

function figure(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function weeklyCalendar(
  weeks: Weeks,
  eras: readonly (OpenWeek | undefined)[],
  step: number,
  width: number,
  closes: boolean,
): Pick<MarketCalendar, 'openPart' | 'missingTimes'> {
  const perWeek = week / width;
  /** Slots that the bar before an absence covers beyond its first: another may have been due to cut it short. */
  const overlap = Math.round(step / width) - 1;
  /** The last week with bars up to `number`, as its index. */
  const weekAt = (number: number): number => {
    let [low, high] = [0, weeks.number.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (weeks.number[middle] <= number) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  /** Calls back with the aligned stretches [from, to) of slots of an absence, none longer than a week. */
  const eachStretch = (
    first: number,
    end: number,
    visit: (open: OpenWeek | undefined, from: number, to: number) => void,
  ): void => {
    for (let at = first; at < end;) {
      const number = Math.floor(at / perWeek);
      const index = weekAt(number);
      const until = Math.min(end, (number + 1) * perWeek);
      const from = modulo(at - number * perWeek + weeks.shift[index], perWeek);
      visit(eras[weeks.eraOf[index]], from, from + until - at);
      at = until;
    }
  };
  const count = (first: number, end: number): number => {
    let missing = 0;
    eachStretch(first, end, (era, from, to) => {
      if (!era) missing += (to - from) / (overlap + 1);
      else if (to <= perWeek) missing += era.before[to] - era.before[from];
      else missing += era.before[perWeek] - era.before[from] + era.before[to - perWeek];
    });
    return missing;
  };
  return {
    openPart(from, to) {
      const [first, end] = [weeks.slotOf(from), weeks.slotOf(to)];
      const missing = Math.round(count(first - overlap, end));
      if (!closes || missing === 0 || end - first > 2 * perWeek) return { missing, shape: 'within' };
      return { missing, shape: shapeOf(first, end, eachStretch, perWeek) };
    },
    missingTimes(from, to) {
      const times: number[] = [];
      let at = from - overlap * width;
      eachStretch(weeks.slotOf(from) - overlap, weeks.slotOf(to), (era, first, end) => {
        for (let slot = first; slot < end; slot++, at += width) {
          if (era ? era.due[slot % perWeek] : (slot - first) % (overlap + 1) === overlap) times.push(at);
        }
      });
      return times;
    },
  };
}

function shapeOf(
  first: number,
  end: number,
  eachStretch: (
    first: number,
    end: number,
    visit: (open: OpenWeek | undefined, from: number, to: number) => void,
  ) => void,
  perWeek: number,
): OpenPart['shape'] {
  let [rest, sessions, within] = [false, false, false];
  let inside = false;
  let isFirst = true;
  eachStretch(first, end, (era, from, to) => {
    for (let k = from; k < to && !within; k++) {
      const slot = k % perWeek;
      if (!era) within = true;
      else if (era.open[slot]) {
        if (!inside && !era.begins[slot]) {
          // Only the very first missing bar may stand in the middle of a day, in its second half or so.
          if (isFirst && era.rest[slot] <= 0.6 * era.length[slot]) rest = true;
          else within = true;
        } else if (!inside) sessions = true;
        inside = !era.ends[slot];
      } else if (isFirst && era.rest[slot] > 0) {
        // The lunch break of a day that did not go on.
        if (era.rest[slot] <= 0.6 * era.length[slot]) rest = true;
        else within = true;
        inside = true;
      }
      isFirst = false;
    }
  });
  if (within || inside) return 'within';
  return rest ? (sessions ? 'rest and sessions' : 'rest') : 'sessions';
}
