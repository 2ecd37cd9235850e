import { modulo } from './distance.ts';
import { monthOfName } from './month-name.ts';
import { day } from './timeframe.ts';
import { type NamedZone, zoneOfWord } from './zone-name.ts';

/** A time read from text: an instant, or a local clock that still needs a zone. */
export interface TimeText {
  /** Milliseconds: since 1970 UTC where `zoned`, else the local clock written as if it were UTC. */
  readonly ms: number;
  readonly zoned: boolean;
  /** True where the text is a calendar date with no time of day. */
  readonly dateOnly: boolean;
  /** The zone that the text names for its local clock (`US/Eastern`, `IST`); null where it names none. */
  readonly zone: NamedZone | null;
}

/** Which comes first where a date is written with the year last, as in `1/2/1990`. */
export type DateOrder = 'month-first' | 'day-first';

const yearFirst = /^(\d{4})([-./]) ?(\d{1,2})\2 ?(\d{1,2})(?!\d)(?:(?<=\.\s?\d{1,2})\.(?=\s|$))?/;
const yearLast = /^(\d{1,2})([-./]) ?(\d{1,2})\2 ?(\d{4}|\d{2})(?!\d)(?:(?<=\.\s?\d{2,4})\.(?=\s|$))?/;
const compact = /^(\d{4})(\d{2})(\d{2})(?!\d)/;
const compactLong = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?!\d)/;
const eastAsian = /^(\d{4})[年년]\s*(\d{1,2})[月월]\s*(\d{1,2})[日일]/;
const isoWeek = /^(\d{4})-?W(\d{2})(?:-?([1-7]))?(?!\d)/;
const dayOfYear = /^(\d{4})-(\d{3})(?!\d)/;
const yearMonth = /^(\d{4})(?:[-/]|-?M)(\d{1,2})$/;
const yearQuarter = /^(\d{4})[- ]?Q([1-4])$/i;
const quarterYear = /^Q([1-4])[-/ ]?(\d{4})$/i;
/** A year of two digits needs the hyphen of a spreadsheet before it, else `Jan 05` may be a day. */
const monthNameYear = /^(\p{L}{3,10})\.?(?:[ ,/-]+(\d{4})|-'?(\d{2}))$/iu;
const yearMonthNameOnly = /^(\d{4})[ -](\p{L}{3,10})\.?$/iu;
const dayMonthName = /^(\d{1,2})(?:st|nd|rd|th|er|º|\.)?[ /-]*(\p{L}{3,10})\.?[ ,/-]*(\d{4}|\d{2})(?!\d)/iu;
const monthNameDay = /^(\p{L}{3,10})\.?[ -]+(\d{1,2})(?:st|nd|rd|th)?[ ,-]+(\d{4})(?!\d)/iu;
const yearMonthName = /^(\d{4})[ -](\p{L}{3,10})\.?[ -]+(\d{1,2})(?!\d)/iu;
/** What `date` of Unix and `ctime` write: `Mar 24 00:00:00 EST 2023`. */
const unixDate = /^(\p{L}{3} {1,2}\d{1,2}) (\d{2}:\d{2}:\d{2})( [A-Z]{2,5})? (\d{4})$/u;
/** The time of day before the date: `15:30 28/10/2024`. */
const clockFirst = /^(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?),? +(\d.*|\p{L}{3}.*)$/u;
/** `15.30` and `15.30.00`, as in Finland and Denmark. */
const dottedClock = /^(\d{1,2})\.(\d{2})(?:\.(\d{2}))?(?![.,\d])/;
const weekday = /^(\p{L}{2,10})\.?,?\s+(?=[\p{L}\d])/u;
const timeOfDay =
  /^(\d{1,2})(?:(?::|h)?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9})\d*)?)?)?(?:\s*-?\s*([AaPp])\.?[Mm]\.?(?!\p{L}))?/u;
const offset = /^(?:UTC|GMT|Z)?\s*([-+−])\s?(\d{1,2})(?::?(\d{2})(?::?\d{2})?)?(?:\s*[[(].*[\])])?$/i;
const zoneWord = /^[[(]?([A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*)[\])]?$/;

/** Two numbers of a date whose order is not written: `01/03/2017` → [1, 3]; undefined for every other form. */
export function ambiguousParts(text: string): readonly [number, number] | undefined {
  if (text.charCodeAt(4) === minus) return undefined;
  const match = yearLast.exec(dateFirst(text));
  return match && match[2] !== '.' ? [Number(match[1]), Number(match[3])] : undefined;
}

/**
 * Reads one time in any of the forms met in the wild (CLEANING.md#times): ISO with or without offset or zone,
 * `2020.06.01 00:00`, `20200501 000000`, `2019-10-17 09-AM`, `1/2/1990`, `01.06.2020 00:00:00.000 GMT+0200`,
 * `24. März 2023`, `Fri, 24 Mar 2023`, `15:30 28/10/2024`, `Jan 1985`, `1985Q1`. Undefined where it is none of them or no date of the calendar. Fractions below a
 * millisecond are cut.
 */
export function parseTimeText(text: string, order: DateOrder): TimeText | undefined {
  return parseIso(text) ?? parseOther(text, order);
}

const [minus, plus, point, zero, colon, blank, letterT, letterZ] = [45, 43, 46, 48, 58, 32, 84, 90];

/**
 * `YYYY-MM-DD[ T]HH:MM[:SS[.fff]][Z|±hh[[:]mm]]` and the date alone, by their characters: nearly all files are written
 * so, and this is ten times as fast as the patterns. Undefined for all else, which may still be a time.
 */
function parseIso(text: string): TimeText | undefined {
  const { length } = text;
  if (length < 10 || text.charCodeAt(4) !== minus || text.charCodeAt(7) !== minus) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const date = dayNumber(year, twoDigits(text, 5), twoDigits(text, 8)) * day;
  if (Number.isNaN(date)) return undefined;
  if (length === 10) return timeText(date, false, true);
  const separator = text.charCodeAt(10);
  if (length < 16 || (separator !== blank && separator !== letterT) || text.charCodeAt(13) !== colon) return undefined;
  let seconds = 0;
  let fraction = 0;
  let at = 16;
  if (text.charCodeAt(16) === colon) {
    seconds = twoDigits(text, 17);
    at = 19;
    if (text.charCodeAt(19) === point) {
      let unit = 100;
      for (at = 20; at < length; at++) {
        const digit = text.charCodeAt(at) - zero;
        if (!(digit >= 0 && digit <= 9)) break;
        fraction += digit * unit;
        unit = unit > 1 ? unit / 10 : 0;
      }
    }
  }
  const clock = clockOf(twoDigits(text, 11), twoDigits(text, 14), seconds, fraction);
  if (clock === undefined) return undefined;
  if (at === length) return timeText(date + clock, false, false);
  const mark = text.charCodeAt(at);
  if (mark === letterZ && at + 1 === length) return timeText(date + clock, true, false);
  if (mark !== minus && mark !== plus) return undefined;
  const rest = length - at;
  const minutes =
    rest === 6 && text.charCodeAt(at + 3) === colon
      ? twoDigits(text, at + 4)
      : rest === 5
        ? twoDigits(text, at + 3)
        : rest === 3
          ? 0
          : NaN;
  const ahead = offsetOf(twoDigits(text, at + 1), minutes);
  if (ahead === undefined) return undefined;
  return timeText(date + clock + (mark === minus ? ahead : -ahead), true, false);
}

function timeText(ms: number, zoned: boolean, dateOnly: boolean, zone: NamedZone | null = null): TimeText {
  return { ms, zoned, dateOnly, zone };
}

/** The number of two digits at `at`; NaN where they are none. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero;
  const ones = text.charCodeAt(at + 1) - zero;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

const monthLengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970-01-01; NaN where it is no date of the years 1800 to 2199. */
function dayNumber(year: number, month: number, dayOfMonth: number): number {
  if (!(year >= 1800 && year <= 2199 && month >= 1 && month <= 12 && dayOfMonth >= 1)) return NaN;
  if (!(dayOfMonth <= monthLengths[month - 1])) return NaN;
  if (month === 2 && dayOfMonth === 29 && (year % 4 !== 0 || (year % 100 === 0 && year % 400 !== 0))) return NaN;
  // Counted from March, so that the leap day is the last of its year.
  const y = month > 2 ? year : year - 1;
  const sinceMarch = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOfMonth - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + sinceMarch - 719_468;
}

function parseOther(given: string, order: DateOrder): TimeText | undefined {
  const text = unwrap(given);
  const date = readDate(text, order);
  if (!date) return undefined;
  const { ms, length } = date;
  let rest = text.slice(length);
  if (rest.trim() === '') return timeText(ms + (date.clock ?? 0), false, date.clock === undefined);

  let { clock } = date;
  if (clock === undefined) {
    const separator = /^(?:[T_]|[ ,;:]+|-(?=\d))/i.exec(rest);
    if (!separator) return undefined;
    rest = rest.slice(separator[0].length).replace(dottedClock, (_, ...parts) => clockParts(parts));
    const time = timeOfDay.exec(rest);
    if (!time) return undefined;
    clock = readClock(time, separator[0].toUpperCase() === 'T');
    rest = rest.slice(time[0].length);
  }
  if (clock === undefined) return undefined;
  return readZone(ms + clock, rest.trim());
}

/** Without the marks of a spreadsheet (`'2024-03-04`, `="2024-03-04"`), a weekday before it and wide blanks. */
function unwrap(given: string): string {
  if (/^\d[ -~]*[\dA-Za-z.]$/.test(given)) return dateFirst(given);
  let text = given.replace(/[\u00a0\u2007\u2009\u202f]/g, ' ').trim();
  text = text.replace(/^(?:="?|['"])|"$/g, '');
  const name = weekday.exec(text);
  if (name && monthOfName(name[1]) === 0 && text.length > name[0].length) text = text.slice(name[0].length);
  const unix = unixDate.exec(text);
  return unix ? `${unix[1]} ${unix[4]} ${unix[2]}${unix[3] ?? ''}` : dateFirst(text);
}

/** With the time of day behind the date where it stands before it. */
function dateFirst(text: string): string {
  if (text.charCodeAt(1) !== colon && text.charCodeAt(2) !== colon) return text;
  const match = clockFirst.exec(text);
  return match ? `${match[2]} ${match[1]}` : text;
}

function clockParts(parts: readonly unknown[]): string {
  return parts.slice(0, 3).filter(Boolean).join(':');
}

function readZone(ms: number, rest: string): TimeText | undefined {
  if (rest === '' || /^Uhr$/i.test(rest)) return timeText(ms, false, false);
  const ahead = offset.exec(rest);
  if (ahead) {
    const size = offsetOf(Number(ahead[2]), Number(ahead[3] ?? 0));
    return size === undefined ? undefined : timeText(ms + (ahead[1] === '+' ? -size : size), true, false);
  }
  const word = zoneWord.exec(rest);
  const zone = word ? zoneOfWord(word[1]) : undefined;
  if (!zone) return undefined;
  return zone.kind === 'fixed' ? timeText(ms - zone.offset, true, false, zone) : timeText(ms, false, false, zone);
}

/** Milliseconds of an offset from UTC; undefined where no place on earth has it. */
function offsetOf(hours: number, minutes: number): number | undefined {
  return hours <= 15 && minutes <= 59 ? (hours * 60 + minutes) * 60_000 : undefined;
}

interface DatePart {
  readonly ms: number;
  readonly length: number;
  /** Set where the date form carries the time of day itself. */
  readonly clock?: number;
}

function readDate(text: string, order: DateOrder): DatePart | undefined {
  let match = yearFirst.exec(text) ?? undefined;
  if (match) return dateOf(match[0], Number(match[1]), Number(match[3]), Number(match[4]));
  match = yearLast.exec(text) ?? undefined;
  if (match) {
    const [first, second] = [Number(match[1]), Number(match[3])];
    const dayFirst = match[2] === '.' || order === 'day-first';
    return dateOf(match[0], fullYear(match[4]), dayFirst ? second : first, dayFirst ? first : second);
  }
  match = compactLong.exec(text) ?? undefined;
  if (match) {
    const date = dateOf(match[0], Number(match[1]), Number(match[2]), Number(match[3]));
    const clock = clockOf(Number(match[4]), Number(match[5]), Number(match[6] ?? 0), 0);
    return date && clock !== undefined ? { ...date, clock } : undefined;
  }
  match = compact.exec(text) ?? eastAsian.exec(text) ?? undefined;
  if (match) return dateOf(match[0], Number(match[1]), Number(match[2]), Number(match[3]));
  match = yearMonth.exec(text) ?? undefined;
  if (match) return dateOf(match[0], Number(match[1]), Number(match[2]), 1);
  match = yearQuarter.exec(text) ?? undefined;
  if (match) return dateOf(match[0], Number(match[1]), Number(match[2]) * 3 - 2, 1);
  match = quarterYear.exec(text) ?? undefined;
  if (match) return dateOf(match[0], Number(match[2]), Number(match[1]) * 3 - 2, 1);
  return readCountedDate(text) ?? readNamedDate(text);
}

/** ISO 8601 by week (`2024-W10-1`, its Monday where no day is written) or by day of the year (`2024-064`). */
function readCountedDate(text: string): DatePart | undefined {
  const week = isoWeek.exec(text);
  if (week) {
    // The fourth of January always lies in week 1.
    const fourth = dayNumber(Number(week[1]), 1, 4);
    const monday = fourth - modulo(fourth + 3, 7);
    const ms = (monday + (Number(week[2]) - 1) * 7 + Number(week[3] ?? 1) - 1) * day;
    return Number(week[2]) >= 1 && Number(week[2]) <= 53 && !Number.isNaN(ms)
      ? { ms, length: week[0].length }
      : undefined;
  }
  const counted = dayOfYear.exec(text);
  if (!counted) return undefined;
  const first = dayNumber(Number(counted[1]), 1, 1);
  const ms = (first + Number(counted[2]) - 1) * day;
  const sameYear = new Date(ms).getUTCFullYear() === Number(counted[1]);
  return sameYear ? { ms, length: counted[0].length } : undefined;
}

function readNamedDate(text: string): DatePart | undefined {
  let match = dayMonthName.exec(text);
  if (match) return dateOf(match[0], fullYear(match[3]), monthOfName(match[2]), Number(match[1]));
  match = monthNameDay.exec(text);
  if (match) return dateOf(match[0], Number(match[3]), monthOfName(match[1]), Number(match[2]));
  match = yearMonthName.exec(text);
  if (match) return dateOf(match[0], Number(match[1]), monthOfName(match[2]), Number(match[3]));
  match = monthNameYear.exec(text);
  if (match) return dateOf(match[0], fullYear(match[2] ?? match[3]), monthOfName(match[1]), 1);
  match = yearMonthNameOnly.exec(text);
  if (match) return dateOf(match[0], Number(match[1]), monthOfName(match[2]), 1);
  return undefined;
}

function dateOf(text: string, year: number, month: number, dayOfMonth: number): DatePart | undefined {
  const ms = dayNumber(year, month, dayOfMonth) * day;
  return Number.isNaN(ms) ? undefined : { ms, length: text.length };
}

function readClock(match: RegExpExecArray, afterT: boolean): number | undefined {
  let hours = Number(match[1]);
  const half = match[5]?.toLowerCase();
  if (half) {
    if (hours < 1 || hours > 12) return undefined;
    hours = (hours % 12) + (half === 'p' ? 12 : 0);
  }
  const milliseconds = match[4] ? Math.floor(Number(`0.${match[4]}`) * 1000 + 1e-9) : 0;
  // An hour alone says nothing ("2020-01-01 5"), unless AM or PM stands with it, or a T before it.
  if (match[2] === undefined && !half && !(afterT && match[1].length === 2)) return undefined;
  return clockOf(hours, Number(match[2] ?? 0), Number(match[3] ?? 0), milliseconds);
}

/** A second 60 is a leap second: the first of the next minute. */
function clockOf(hours: number, minutes: number, seconds: number, milliseconds: number): number | undefined {
  if (hours === 24 && minutes === 0 && seconds === 0 && milliseconds === 0) return day;
  if (!(hours <= 23 && minutes <= 59 && seconds <= 60)) return undefined;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 4) return year;
  return year < 70 ? 2000 + year : 1900 + year;
}
