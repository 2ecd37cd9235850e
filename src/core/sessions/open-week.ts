import { day, hour, week } from '#core/time/timeframe.ts';
import type { Weeks } from './week-counts.ts';

/** A slot is open in which so many weeks have a bar, of those that have one in a busy slot: one of two at least. */
const openShare = 0.4;
/** Four sessions on each day of a week. */
const mostSessions = 28;
/** A pause as long as this ends the trading day. */
const night = 4 * hour;
/** A stretch of trading as long as this is a day of its own, however short the pause behind it. */
const longSession = 12 * hour;

/** The open slots of one era's week; slots of all its tables are aligned, i.e. with the shift of a week added. */
export interface OpenWeek {
  readonly open: Uint8Array;
  /** 1 where a bar is due to begin: every open slot, but where slots are finer than bars. */
  readonly due: Uint8Array;
  /** Bars due before each slot. */
  readonly before: Float64Array;
  /** Open slots. */
  readonly perWeek: number;
  /** 1 where a trading day begins, and where its last slot is. */
  readonly begins: Uint8Array;
  readonly ends: Uint8Array;
  /** Slots from this one to the end of its trading day, and the length of that day. */
  readonly rest: Int32Array;
  readonly length: Int32Array;
  readonly ofDays: boolean;
}

/** Learns when the market of one era is open; undefined where its bars are too few to tell. */
export function openWeek(
  era: Weeks['eras'][number],
  weeks: Weeks,
  step: number,
  slotWidth: number,
): OpenWeek | undefined {
  const perWeek = week / slotWidth;
  const ofDays = weeks.span < 2 * week;
  const period = ofDays ? day / slotWidth : perWeek;
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
  const reach = mean < 0.9 && slotWidth === step ? Math.min(Math.floor(period / 8), Math.ceil(15 / expected)) : 0;
  const smooth = reach > 0 ? smoothed(share, reach) : share;
  const level = reach > 0 ? (smooth.toSorted()[Math.floor(period * 0.9)] ?? busy) : busy;
  const due = new Uint8Array(perWeek);
  for (let slot = 0; slot < perWeek; slot++) {
    due[slot] = smooth[slot % period] >= openShare * level || seen[slot % period] < 1 ? 1 : 0;
  }
  if (slotWidth === step) closeOnlySessions(due, step);
  const open = slotWidth === step ? due : covered(due, step / slotWidth);
  return {
    open,
    due,
    before: sumsBefore(due),
    perWeek: sumsBefore(open)[perWeek],
    ...tradingDays(open, slotWidth),
    ofDays,
  };
}

/** The slots over which bars of `length` slots reach that begin where they are due. */
function covered(due: Uint8Array, length: number): Uint8Array {
  const open = new Uint8Array(due.length);
  due.forEach((begins, slot) => {
    if (begins) for (let k = 0; k < length; k++) open[(slot + k) % open.length] = 1;
  });
  return open;
}

function sumsBefore(values: Uint8Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let slot = 0; slot < values.length; slot++) sums[slot + 1] = sums[slot] + values[slot];
  return sums;
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

function tradingDays(open: Uint8Array, width: number): Pick<OpenWeek, 'begins' | 'ends' | 'rest' | 'length'> {
  const size = open.length;
  const [begins, ends] = [new Uint8Array(size), new Uint8Array(size)];
  const [rest, length] = [new Int32Array(size), new Int32Array(size)];
  const days = { begins, ends, rest, length };
  const closed = open.indexOf(0);
  if (closed < 0) return days;
  const merged = width === day ? dailyRuns(open) : daysOf(openRuns(open, closed), size, width);
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
function daysOf(runs: readonly Run[], size: number, width: number): Run[] {
  const pause = (k: number) => runs[k].from - (k === 0 ? runs[runs.length - 1].to - size : runs[k - 1].to);
  let first = 0;
  for (let k = 1; k < runs.length; k++) if (pause(k) > pause(first)) first = k;
  const ordered = [
    ...runs.slice(first),
    ...runs.slice(0, first).map(({ from, to }) => ({ from: from + size, to: to + size })),
  ];
  const long = ({ from, to }: Run) => (to - from) * width >= longSession;
  const days: Run[] = [];
  for (const run of ordered) {
    const last = days.at(-1);
    if (last && (run.from - last.to) * width < night && !long(last) && !long(run)) last.to = run.to;
    else days.push({ ...run });
  }
  return days;
}
