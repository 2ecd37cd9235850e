import { modulo } from '#core/time/distance.ts';
import { inferStep } from '#core/time/grid.ts';
import { day, hour, minute } from '#core/time/timeframe.ts';

/** A way to count time that is neither seconds, milli-, micro- nor nanoseconds since 1970. */
interface RareCount {
  readonly name: string;
  /** Milliseconds of one count. */
  readonly unit: number;
  /** The time of count 0, milliseconds since 1970 UTC. */
  readonly origin: number;
}

/** Times counted in a rare way. */
interface RareTimes {
  readonly ms: Float64Array;
  /** `minutes since 1970`. */
  readonly name: string;
  readonly note: string;
}

const tick = 1e-4;
const sinceYear1 = -62_135_596_800_000;
const since1601 = -11_644_473_600_000;
const since1904 = -2_082_844_800_000;
const since2001 = 978_307_200_000;

/** Those that differ in size from every epoch of 1980 to 2050 in a usual unit. */
const counts: readonly RareCount[] = [
  { name: 'minutes since 1970', unit: minute, origin: 0 },
  { name: 'hours since 1970', unit: hour, origin: 0 },
  { name: 'days since 1970', unit: day, origin: 0 },
  { name: 'ticks of .NET (100 ns since the year 1)', unit: tick, origin: sinceYear1 },
  { name: 'file times of Windows (100 ns since 1601)', unit: tick, origin: since1601 },
  { name: 'microseconds since 1601', unit: 1e-3, origin: since1601 },
  { name: 'seconds since 1904', unit: 1000, origin: since1904 },
];
/** Of the size of seconds since 1970: nothing but the days without trade tells them apart. */
const cocoa: RareCount = { name: 'seconds since 2001', unit: 1000, origin: since2001 };

const [early, late] = [Date.UTC(1980, 0, 1), Date.UTC(2050, 0, 1)];
/** Ticks of .NET of 1980 to 2050, read as nanoseconds since 1970. */
const ticksAsNanoseconds = [early, late].map((ms) => (ms - sinceYear1) / tick / 1e6);
/** Seconds since 2001 of 1980 on, read as those since 1970: before this. */
const cocoaEnd = Date.UTC(2001, 0, 1);
/** Fewer times say nothing of the days on which a market is closed. */
const fewTimes = 20;
const steps: ReadonlySet<number> = new Set([
  ...[1, 2, 5, 10, 15, 20, 30].map((count) => count * 1000),
  ...[1, 2, 3, 4, 5, 10, 15, 20, 30, 45, 90].map((count) => count * minute),
  ...[1, 2, 3, 4, 6, 8, 12].map((count) => count * hour),
  ...[1, 2, 3, 4, 7, 28, 29, 30, 31].map((count) => count * day),
]);

/**
 * Finds the rare way in which numbers count time, where that is certain: as read in a usual unit the times lie outside
 * of 1980 to 2050 or at no common distance, and in one other way inside of it and at a common distance; or the days
 * without trade are no weekend as read and one in the other way (CLEANING.md#times).
 *
 * @param asRead milliseconds of the usual unit; null where no usual unit is likely
 */
export function findRareTimes(values: Float64Array, asRead: Float64Array | null): RareTimes | undefined {
  const first = values.find((value) => Number.isFinite(value) && value !== 0);
  if (first === undefined) return undefined;
  const read = asRead && spreadOf(asRead);
  if (read && isUsual(read)) {
    if (read.high >= cocoaEnd || !hasStrangeWeek(asRead)) return undefined;
    const ms = toMs(values, cocoa);
    return isWeek(ms) ? timesOf(ms, cocoa, first) : undefined;
  }
  const found = counts.flatMap((count) => {
    const ms = toMs(values, count);
    const spread = spreadOf(ms);
    return spread && spread.low >= early && spread.high < late && steps.has(spread.step) ? [{ ms, count }] : [];
  });
  return found.length === 1 ? timesOf(found[0].ms, found[0].count, first) : undefined;
}

function timesOf(ms: Float64Array, { name }: RareCount, first: number): RareTimes {
  return { ms, name, note: `times are ${name} (${first})` };
}

/**
 * Days of a spreadsheet that counts since 1904, as Excel for the Mac did, as days of one that counts since 1899: those
 * without trade are then a weekend. Undefined where nothing tells.
 */
export function shiftedTo1904(ms: Float64Array): Float64Array | undefined {
  if (!hasStrangeWeek(ms)) return undefined;
  const shifted = ms.map((time) => time + 1462 * day);
  return isWeek(shifted) ? shifted : undefined;
}

/** Whether days since 1970 are likelier than those of a spreadsheet of before 1970: unless only these leave out weekends. */
export function areDaysSince1970(days: Float64Array, asSpreadsheet: Float64Array): boolean {
  return asSpreadsheet.every((time) => !(time >= 0)) && !(isWeek(asSpreadsheet) && !isWeek(days.map((n) => n * day)));
}

function toMs(values: Float64Array, { unit, origin }: RareCount): Float64Array {
  return values.map((value) => (value === 0 ? NaN : Math.round(value * unit + origin)));
}

interface Spread {
  /** All but the first and the last hundredth of the times lie within. */
  readonly low: number;
  readonly high: number;
  readonly step: number;
}

function spreadOf(ms: Float64Array): Spread | undefined {
  const sorted = ms.filter((time) => Number.isFinite(time) && time !== 0).sort();
  const distinct = sorted.filter((time, k) => k === 0 || time > sorted[k - 1]);
  if (distinct.length < 3) return undefined;
  const margin = Math.floor(distinct.length / 100);
  return { low: distinct[margin], high: distinct[distinct.length - 1 - margin], step: inferStep(distinct) };
}

/** Whether times may well be what the usual unit makes of them. */
function isUsual({ low, high, step }: Spread): boolean {
  const mayBeTicks = low >= ticksAsNanoseconds[0] && high < ticksAsNanoseconds[1];
  if (low >= early && high < late && !mayBeTicks) return true;
  // Minutes of today, an hour apart, read as seconds: nobody has the minutes of 1970.
  if (high < Date.UTC(1972, 0, 1) && low > 0 && step === minute) return false;
  return low < late && steps.has(step);
}

/** Whether times lie long before there were files of bars, and at no distance of bars. */
export function areUnlikely(ms: Float64Array): boolean {
  const spread = spreadOf(ms);
  return (
    spread !== undefined && ms.length >= fewTimes && spread.high < early && spread.low > 0 && !steps.has(spread.step)
  );
}

/** Weekdays, 0 for Sunday, on which (nearly) no time lies; undefined where there are too few times. */
function emptyWeekdays(ms: Float64Array): readonly number[] | undefined {
  const days = new Set<number>();
  for (const time of ms) if (Number.isFinite(time)) days.add(Math.floor(time / day));
  if (days.size < fewTimes) return undefined;
  const seen = new Array<number>(7).fill(0);
  // 1970-01-01 was a Thursday.
  for (const at of days) seen[modulo(at + 4, 7)]++;
  return seen.flatMap((count, weekday) => (count * 20 < Math.max(...seen) ? [weekday] : []));
}

/** Whether Saturday and Sunday are left out, and no other day. */
function isWeek(ms: Float64Array): boolean {
  return emptyWeekdays(ms)?.join() === '0,6';
}

/** Whether two days of the week are left out that are a weekend nowhere, as Sunday and Monday. */
function hasStrangeWeek(ms: Float64Array): boolean {
  const empty = emptyWeekdays(ms)?.join();
  return empty !== undefined && empty.length === 3 && !['0,6', '5,6', '4,5'].includes(empty);
}
