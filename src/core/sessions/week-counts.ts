import { modulo } from '#core/time/distance.ts';
import { day, hour, week } from '#core/time/timeframe.ts';

/** 1970-01-04, a Sunday: markets are closed at Sunday midnight UTC, and clocks are changed on Sundays. */
const sunday = 3 * day;
/** Slots without a bar that may be chance rather than a pause of the market. */
const shortAbsence = 5;
/** Slots of all eras together: short steps are learned for longer at a time, to bound the memory. */
const mostSlots = 4_000_000;

/** Bars counted by slot of the week. */
export interface Weeks {
  /** Time of the last bar less that of the first, ms. */
  readonly span: number;
  /** Days (UTC) that have a bar; counted up to a thousand. */
  readonly days: number;
  /** Weeks that have bars, ascending, and to each how many slots its pattern lies before that of its era. */
  readonly number: readonly number[];
  readonly shift: readonly number[];
  readonly eraOf: readonly number[];
  readonly eras: readonly Era[];
  /** Number of the slot that holds a time, counted from the Sunday on which the first week begins to count. */
  slotOf(time: number): number;
}

interface Era {
  weeks: number;
  /** Bars in all, and slots without one in stretches of at most `shortAbsence`. */
  filled: number;
  absent: number;
  /** By aligned slot of the week: bars, and weeks that reach over the slot. */
  readonly bars: Float64Array;
  readonly seen: Float64Array;
}

/**
 * Counts bars by slot of the week, `perEra` weeks with bars at a time. Weeks are laid over each other: a week whose bars
 * fit the weeks before it better when moved by an hour or two is moved, which is what daylight saving does to a market
 * with fixed local hours, in whatever zone its bars are stamped.
 *
 * @param width of a slot, ms: the step, or a divisor of it
 */
export function countWeeks(time: Float64Array, step: number, width: number, perEra: number): Weeks {
  const perWeek = week / width;
  const origin = sunday + modulo(time[0] - sunday, width);
  const slotOf = (at: number): number => Math.round((at - origin) / width);
  const starts: number[] = [];
  const number: number[] = [];
  let days = 0;
  let lastDay = NaN;
  for (let i = 0, next = -Infinity; i < time.length; i++) {
    if (days < 1000) {
      const date = Math.floor(time[i] / day);
      if (date !== lastDay) days++;
      lastDay = date;
    }
    if (time[i] < next) continue;
    const at = Math.floor(slotOf(time[i]) / perWeek);
    if (at !== number.at(-1)) {
      number.push(at);
      starts.push(i);
    }
    // The slots of the next week begin up to half a step early.
    next = origin + (at + 1) * week - width;
  }
  starts.push(time.length);

  const count = number.length;
  const eraCount = Math.max(1, Math.min(Math.round(count / perEra), Math.floor(mostSlots / perWeek)));
  const eraOf = number.map((_, w) => Math.min(eraCount - 1, Math.floor((w * eraCount) / count)));
  const eras: Era[] = Array.from({ length: eraCount }, () => ({
    weeks: 0,
    filled: 0,
    absent: 0,
    bars: new Float64Array(perWeek),
    seen: new Float64Array(perWeek),
  }));
  const hours = width > 2 * hour ? [] : [-2, -1, 1, 2];
  const shifts = [...new Set(hours.map((count) => Math.round((count * hour) / width)))].filter((by) => by !== 0);
  const slots = new Int32Array(perWeek + 1);
  const shift: number[] = [];
  for (let w = 0; w < count; w++) {
    const era = eras[eraOf[w]];
    const first = number[w] * perWeek;
    let size = 0;
    for (let i = starts[w]; i < starts[w + 1]; i++) slots[size++] = slotOf(time[i]) - first;
    const before = era.weeks > 0 ? (shift.at(-1) ?? 0) : 0;
    const best = era.weeks > 0 ? bestShift(era, slots.subarray(0, size), before, shifts, step) : 0;
    shift.push(best);
    era.weeks++;
    era.filled += size;
    for (let k = 0; k < size; k++) {
      era.bars[(slots[k] + best + perWeek) % perWeek]++;
      const absent = k > 0 ? Math.max(0, Math.round(((slots[k] - slots[k - 1]) * width) / step) - 1) : 0;
      if (absent <= shortAbsence) era.absent += absent;
    }
    // A file does not show the slots before its first and after its last bar, nor those about a long absence.
    const from = w > 0 && number[w - 1] === number[w] - 1 ? 0 : slots[0];
    const to = w < count - 1 && number[w + 1] === number[w] + 1 ? perWeek - 1 : slots[size - 1];
    addRange(era.seen, (from + best + perWeek) % perWeek, to - from + 1);
  }
  for (const { seen } of eras) for (let slot = 1; slot < perWeek; slot++) seen[slot] += seen[slot - 1];
  return { span: time[time.length - 1] - time[0], days, number, shift, eraOf, eras, slotOf };
}

/** Adds one to `length` slots on the circle, in differences: their running sums are the counts. */
function addRange(differences: Float64Array, from: number, length: number): void {
  const size = differences.length;
  differences[from]++;
  const end = from + length;
  if (end < size) differences[end]--;
  else if (end > size) {
    differences[0]++;
    differences[end - size]--;
  }
}

/** The shift at which the most bars meet slots that the weeks before have; the one before where none is clearly better. */
function bestShift(
  { bars, weeks, filled, absent }: Era,
  slots: Int32Array,
  before: number,
  shifts: readonly number[],
  step: number,
): number {
  const size = bars.length;
  const fit = (by: number): number => {
    let sum = 0;
    for (let k = 0; k < slots.length; k++) sum += bars[(slots[k] + by + size) % size];
    return sum / weeks;
  };
  let best = before;
  let most = fit(before);
  // Half an hour of bars: of 24-hour markets no more than an hour a week moves. More where bars are missing by chance,
  // three standard deviations of the difference of two sums of so many counts.
  const density = filled / (filled + absent);
  const chance = 3 * Math.sqrt((2 * slots.length * density * (1 - density)) / weeks);
  const gain = Math.max(0.5, hour / 2 / step, chance);
  // Every bar meets its slot: nothing can be better.
  if (most > slots.length - gain) return before;
  most += gain;
  for (const by of [0, ...shifts]) {
    const found = fit(by);
    if (found > most) [best, most] = [by, found];
  }
  return best;
}
