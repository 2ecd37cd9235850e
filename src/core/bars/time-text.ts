import { day } from './timeframe.ts';

/** A time read from text: an instant, or a local clock that still needs a zone. */
interface TimeText {
  /** Milliseconds: since 1970 UTC where `zoned`, else the local clock written as if it were UTC. */
  readonly ms: number;
  readonly zoned: boolean;
  /** True where the text is a calendar date with no time of day. */
  readonly dateOnly: boolean;
}

/** Which comes first where a date is written with the year last, as in `1/2/1990`. */
export type DateOrder = 'month-first' | 'day-first';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const yearFirst = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})/;
const yearLast = /^(\d{1,2})([-./])(\d{1,2})\2(\d{4}|\d{2})(?!\d)/;
const compact = /^(\d{4})(\d{2})(\d{2})(?!\d)/;
const compactLong = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?!\d)/;
const dayMonthName = /^(\d{1,2})[ -]([A-Za-z]{3,9})[ ,-]+(\d{4})/;
const monthNameDay = /^([A-Za-z]{3,9})[ -](\d{1,2})[ ,-]+(\d{4})/;
const timeOfDay = /^(\d{1,2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?\s*-?\s*([AaPp][Mm])?/;
const zoneMark = /^\s*(?:(?:UTC|GMT|Z)?\s*([-+])(\d{2}):?(\d{2})?|(UTC|GMT|Z))$/i;

/** Two numbers of a date whose order is not written: `01/03/2017` → [1, 3]; undefined for every other form. */
export function ambiguousParts(text: string): readonly [number, number] | undefined {
  const match = yearLast.exec(text);
  return match && match[2] !== '.' ? [Number(match[1]), Number(match[3])] : undefined;
}

/**
 * Reads one time in any of the forms met in the wild (CLEANING.md#times): ISO with or without offset, `2020.06.01
 * 00:00`, `20200501 000000`, `2019-10-17 09-AM`, `1/2/1990`, `01.06.2020 00:00:00.000 GMT+0200`, `17 Oct 2019`.
 * Undefined where it is none of them or no date of the calendar. Fractions below a millisecond are cut.
 */
export function parseTimeText(text: string, order: DateOrder): TimeText | undefined {
  const date = readDate(text, order);
  if (!date) return undefined;
  const { ms, length } = date;
  let rest = text.slice(length);
  if (rest.trim() === '') return { ms: ms + (date.clock ?? 0), zoned: false, dateOnly: date.clock === undefined };

  let clock = date.clock;
  if (clock === undefined) {
    const separator = /^(?:[T_]|[ ,;:]+|-(?=\d))/i.exec(rest);
    if (!separator) return undefined;
    rest = rest.slice(separator[0].length);
    const time = timeOfDay.exec(rest);
    if (!time) return undefined;
    clock = readClock(time);
    rest = rest.slice(time[0].length);
  }
  if (clock === undefined) return undefined;
  if (rest.trim() === '') return { ms: ms + clock, zoned: false, dateOnly: false };
  const zone = zoneMark.exec(rest);
  if (!zone) return undefined;
  const offset = zone[1] ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3] ?? 0)) * 60_000 : 0;
  return { ms: ms + clock - offset, zoned: true, dateOnly: false };
}

interface DatePart {
  readonly ms: number;
  readonly length: number;
  /** Set where the date form carries the time of day itself. */
  readonly clock?: number;
}

function readDate(text: string, order: DateOrder): DatePart | undefined {
  let match = yearFirst.exec(text);
  if (match) return dateOf(match[0], Number(match[1]), Number(match[3]), Number(match[4]));
  match = yearLast.exec(text);
  if (match) {
    const [first, second] = [Number(match[1]), Number(match[3])];
    const dayFirst = match[2] === '.' || order === 'day-first';
    return dateOf(match[0], fullYear(match[4]), dayFirst ? second : first, dayFirst ? first : second);
  }
  match = compactLong.exec(text);
  if (match) {
    const date = dateOf(match[0], Number(match[1]), Number(match[2]), Number(match[3]));
    const clock = clockOf(Number(match[4]), Number(match[5]), Number(match[6] ?? 0), 0);
    return date && clock !== undefined ? { ...date, clock } : undefined;
  }
  match = compact.exec(text);
  if (match) return dateOf(match[0], Number(match[1]), Number(match[2]), Number(match[3]));
  match = dayMonthName.exec(text);
  if (match) return dateOf(match[0], Number(match[3]), monthOf(match[2]), Number(match[1]));
  match = monthNameDay.exec(text);
  if (match) return dateOf(match[0], Number(match[3]), monthOf(match[1]), Number(match[2]));
  return undefined;
}

function dateOf(text: string, year: number, month: number, dayOfMonth: number): DatePart | undefined {
  if (year < 1800 || year > 2199 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > 31) return undefined;
  const ms = Date.UTC(year, month - 1, dayOfMonth);
  // 31 April rolls over into May: no date of the calendar.
  return new Date(ms).getUTCDate() === dayOfMonth ? { ms, length: text.length } : undefined;
}

function readClock(match: RegExpExecArray): number | undefined {
  let hours = Number(match[1]);
  const half = match[5]?.toLowerCase();
  if (half) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half === 'pm' ? 12 : 0);
  }
  const milliseconds = match[4] ? Math.floor(Number(`0.${match[4]}`) * 1000 + 1e-9) : 0;
  // An hour alone says nothing ("2020-01-01 5"), unless AM or PM stands with it.
  if (match[2] === undefined && !half) return undefined;
  return clockOf(hours, Number(match[2] ?? 0), Number(match[3] ?? 0), milliseconds);
}

function clockOf(hours: number, minutes: number, seconds: number, milliseconds: number): number | undefined {
  if (hours === 24 && minutes === 0 && seconds === 0 && milliseconds === 0) return day;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}

function monthOf(name: string): number {
  return months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}
