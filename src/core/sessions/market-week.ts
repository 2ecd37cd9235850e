import { alwaysOpen, type MarketCalendar, type OpenPart } from './market-calendar.ts';
import { day, formatTimeframe, hour, week } from '#core/time/timeframe.ts';
import { countWeeks, type Weeks } from './week-counts.ts';

/** Weeks learned together: about a year, so that trading hours may change over the years. */
const eraWeeks = 52;
/** A slot is open in which so many weeks have a bar, of those that have one in a busy slot: one of two at least. */
const openShare = 0.4;
/** Slots of all tables together: five years of seconds. More would be longer than most files, and slow. */
const mostSlots = 3_100_000;
/** Four sessions on each day of a week. */
const mostSessions = 28;
/** A pause as long as this ends the trading day. */
const night = 4 * hour;
/** A stretch of trading as long as this is a day of its own, however short the pause behind it. */
const longSession = 12 * hour;

/**
 * The market's own week as its bars show it, whatever zone they are stamped in: a slot of the week in which fewer than
 * two fifths as many weeks have a bar as in a busy slot counts as closed. Only weeks that have bars are counted, about a year
 * of them at a time; in each, the week may lie up to two hours earlier or later than in the first (daylight saving).
 * Below two weeks the day takes the place of the week, and needs three of them.
 *
 * @param time opening times, ascending strictly, at least two
 */
export function learnWeek(time: Float64Array, step: number): MarketCalendar {
  const perWeek = week / step;
  const eraTables = Math.ceil((time[time.length - 1] - time[0]) / (eraWeeks * week)) * perWeek;
  if (step > day || !Number.isInteger(perWeek) || eraTables > mostSlots) {
    return alwaysOpen(step, `none: ${formatTimeframe(step)} bars are expected one after the other`);
  }
  const weeks = countWeeks(time, step, perWeek, eraWeeks);
  const eras = weeks.eras.map((era) => openSlots(era, weeks, step, perWeek));
  if (eras.every((era) => era === undefined)) {
    return alwaysOpen(step, 'none: the file is too short to show when the market closes');
  }
  const hours = Math.max(...eras.map((era) => (era ? era.perWeek : perWeek))) * (step / hour);
  const shifted = weeks.shift.reduce((count, shift) => count + (shift === 0 ? 0 : 1), 0);
  const closes = eras.some((era) => era !== undefined && era.perWeek < perWeek);
  const days = eras[0]?.ofDays ? `${Math.floor((time[time.length - 1] - time[0]) / day) + 1} days` : undefined;
  const clock = shifted > 0 ? `, its clock moved in ${shifted} of them` : '';
  const words = !closes
    ? `learned from the file: open all week (${days ?? `${weeks.number.length} weeks`})`
    : days
      ? `learned from ${days} of the file: open ${figure(hours / 7)} hours a day`
      : `learned from ${weeks.number.length} weeks of the file: open ${step === day ? `${figure(hours / 24)} days` : `${figure(hours)} hours`} a week${clock}`;
  return { words, exact: false, closes, ...weeklyCalendar(weeks, eras, step, perWeek, closes) };
}

function figure(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The open slots of one era's week; slots of all its tables are aligned, i.e. with the shift of a week added. */
interface OpenWeek {
  readonly open: Uint8Array;
  /** Open slots before each slot. */
  readonly before: Float64Array;
  readonly perWeek: number;
  /** 1 where a trading day begins, and where its last slot is. */
  readonly begins: Uint8Array;
  readonly ends: Uint8Array;
  /** Slots from this one to the end of its trading day, and the length of that day. */
  readonly rest: Int32Array;
  readonly length: Int32Array;
  readonly ofDays: boolean;
}

function openSlots(era: Weeks['eras'][number], weeks: Weeks, step: number, perWeek: number): OpenWeek | undefined {
  const ofDays = weeks.span < 2 * week;
  const period = ofDays ? day / step : perWeek;
  if (!Number.isInteger(period) || (ofDays && (weeks.days < 3 || step === day))) return undefined;
  const share = new Float64Array(period);
  const seen = new Float64Array(period);
  for (let slot = 0; slot < perWeek; slot++) {
    share[slot % period] += era.bars[slot];
    seen[slot % period] += era.seen[slot];
  }
  // Of days only those with a bar count, as of weeks.
  for (let slot = 0; slot < period; slot++)
    share[slot] /= Math.max(1, ofDays ? Math.min(weeks.days, seen[slot]) : seen[slot]);
  const used = share.filter((value) => value > 0).sort();
  const busy = used[Math.floor(used.length * 0.9)] ?? 0;
  // Where bars are rare, few weeks of a single slot say little: its neighbours help until thirty bars are expected.
  const mean = used.reduce((sum, value) => sum + value, 0) / used.length;
  const expected = mean * (ofDays ? weeks.days : era.weeks);
  const reach = mean < 0.9 ? Math.min(Math.floor(period / 8), Math.ceil(15 / expected)) : 0;
  const smooth = reach > 0 ? smoothed(share, reach) : share;
  const level = reach > 0 ? (smooth.toSorted()[Math.floor(period * 0.9)] ?? busy) : busy;
  const open = new Uint8Array(perWeek);
  for (let slot = 0; slot < perWeek; slot++) {
    open[slot] = smooth[slot % period] >= openShare * level || seen[slot % period] < 1 ? 1 : 0;
  }
  closeOnlySessions(open, step);
  return { open, ...tradingDays(open, step), ofDays };
}

/** Opens pauses of up to an hour where there are more than any market keeps: bars that come and go, not sessions. */
function closeOnlySessions(open: Uint8Array, step: number): void {
  const first = open.indexOf(1);
  if (first < 0) return;
  const pauses: Run[] = [];
  for (let k = first + 1; k < first + open.length; k++) {
    if (open[k % open.length]) continue;
    const from = k;
    while (!open[k % open.length]) k++;
    pauses.push({ from, to: k });
  }
  if (pauses.length <= mostSessions) return;
  for (const { from, to } of pauses) {
    if ((to - from) * step <= hour) for (let k = from; k < to; k++) open[k % open.length] = 1;
  }
}

/** Means over 2 · reach + 1 neighbours on the circle. */
function smoothed(values: Float64Array, reach: number): Float64Array {
  const size = values.length;
  const width = 2 * reach + 1;
  let sum = 0;
  for (let k = -reach; k <= reach; k++) sum += values[(k + size) % size];
  return values.map((_, slot) => {
    const mean = sum / width;
    sum += values[(slot + reach + 1) % size] - values[(slot - reach + size) % size];
    return mean;
  });
}

function tradingDays(open: Uint8Array, step: number): Omit<OpenWeek, 'open' | 'ofDays'> {
  const size = open.length;
  const before = new Float64Array(size + 1);
  for (let slot = 0; slot < size; slot++) before[slot + 1] = before[slot] + open[slot];
  const [begins, ends] = [new Uint8Array(size), new Uint8Array(size)];
  const [rest, length] = [new Int32Array(size), new Int32Array(size)];
  const days = { before, perWeek: before[size], begins, ends, rest, length };
  const closed = open.indexOf(0);
  if (closed < 0) return days;
  const merged = step === day ? dailyRuns(open) : daysOf(openRuns(open, closed), size, step);
  for (const { from, to } of merged) {
    begins[from % size] = 1;
    ends[(to - 1) % size] = 1;
    for (let k = from; k < to; k++) {
      rest[k % size] = to - k;
      length[k % size] = to - from;
    }
  }
  return days;
}

interface Run {
  readonly from: number;
  to: number;
}

function dailyRuns(open: Uint8Array): Run[] {
  return Array.from(open.keys()).flatMap((slot) => (open[slot] ? [{ from: slot, to: slot + 1 }] : []));
}

/** Runs of open slots on the circle, from a closed slot on. */
function openRuns(open: Uint8Array, closed: number): Run[] {
  const size = open.length;
  const runs: Run[] = [];
  for (let k = closed + 1; k <= closed + size; k++) {
    if (!open[k % size]) continue;
    const from = k;
    while (open[k % size]) k++;
    runs.push({ from, to: k });
  }
  return runs;
}

/** Joins runs that only a lunch break parts, beginning behind the longest pause. */
function daysOf(runs: readonly Run[], size: number, step: number): Run[] {
  const pause = (k: number) => runs[k].from - (k === 0 ? runs[runs.length - 1].to - size : runs[k - 1].to);
  let first = 0;
  for (let k = 1; k < runs.length; k++) if (pause(k) > pause(first)) first = k;
  const ordered = [
    ...runs.slice(first),
    ...runs.slice(0, first).map(({ from, to }) => ({ from: from + size, to: to + size })),
  ];
  const long = ({ from, to }: Run) => (to - from) * step >= longSession;
  const days: Run[] = [];
  for (const run of ordered) {
    const last = days.at(-1);
    if (last && (run.from - last.to) * step < night && !long(last) && !long(run)) last.to = run.to;
    else days.push({ ...run });
  }
  return days;
}

function weeklyCalendar(
  weeks: Weeks,
  eras: readonly (OpenWeek | undefined)[],
  step: number,
  perWeek: number,
  closes: boolean,
): Pick<MarketCalendar, 'openPart' | 'missingTimes'> {
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
      if (!era) missing += to - from;
      else if (to <= perWeek) missing += era.before[to] - era.before[from];
      else missing += era.perWeek - era.before[from] + era.before[to - perWeek];
    });
    return missing;
  };
  return {
    openPart(from, to) {
      const [first, end] = [weeks.slotOf(from), weeks.slotOf(to)];
      const missing = count(first, end);
      if (!closes || missing === 0 || end - first > 2 * perWeek) return { missing, shape: 'within' };
      return { missing, shape: shapeOf(first, end, eachStretch, perWeek) };
    },
    missingTimes(from, to) {
      const times: number[] = [];
      let at = from;
      eachStretch(weeks.slotOf(from), weeks.slotOf(to), (era, first, end) => {
        for (let slot = first; slot < end; slot++, at += step) if (!era || era.open[slot % perWeek]) times.push(at);
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

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
