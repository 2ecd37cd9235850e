import { closest } from '#core/config/suggestion.ts';
import type { FilterColumn } from './filter-column.ts';
import type { ValueTest } from './filter.ts';

/** Numbers, or times in ms UTC, that a word of a filter stands for: a day is all of its ms. */
export interface Span {
  readonly low: number;
  /** The first that is no longer in it; of a number it is the number itself. */
  readonly next: number;
}

/** ms of the units that a time may be told in. */
const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?(%?)$/i;
const moment = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?Z?)?)?)?$/;

/** The number that a word writes, `52 %` as 0.52 and infinities too; null where it writes none. */
function readNumber(word: string): number | null {
  if (/^[+-]?inf(inity)?$/i.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  const parts = number.exec(word);
  if (parts === null) return null;
  return parts[3] === '%' ? Number(word.slice(0, -1)) / 100 : Number(word);
}

/** What a word says that is held against the numbers of a column; null where it says nothing there. */
export function readSpan(word: string, kind: FilterColumn['kind'], now: number): Span | null {
  switch (kind) {
    case 'date':
      return readMoment(word, now);
    case 'seconds': {
      const ms = readLength(word);
      return ms === null ? exactly(readNumber(word)) : exactly(ms / 1000);
    }
    case 'run':
      return exactly(readNumber(word.replace(/^r(?=\d)/i, '')));
    case 'number':
    case 'mixed':
      return exactly(readNumber(word));
    default:
      return null;
  }
}

function exactly(value: number | null): Span | null {
  return value === null ? null : { low: value, next: value };
}

/** A time in UTC as far as it is written: 2026, 2026-11, 2026-11-03, with a time of day; today, yesterday, now; -7d. */
function readMoment(word: string, now: number): Span | null {
  const day = units['d'];
  const midnight = Math.floor(now / day) * day;
  if (word === 'now') return { low: now, next: now + 1 };
  if (word === 'today') return { low: midnight, next: midnight + day };
  if (word === 'yesterday') return { low: midnight - day, next: midnight };
  const ago = word.startsWith('-') ? readLength(word.slice(1)) : null;
  if (ago !== null) return { low: now - ago, next: now - ago + 1 };
  const parts = moment.exec(word);
  if (parts === null) return null;
  const [, year, month, date, hour, minute, second] = parts;
  const low = Date.UTC(Number(year), Number(month ?? 1) - 1, Number(date ?? 1), Number(hour ?? 0), Number(minute ?? 0));
  // What no calendar has, as 31 February, JavaScript takes for a day of the next month.
  if (new Date(low).getUTCMonth() !== Number(month ?? 1) - 1 || Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59)
    return null;
  if (month === undefined) return { low, next: Date.UTC(Number(year) + 1, 0, 1) };
  if (date === undefined) return { low, next: Date.UTC(Number(year), Number(month), 1) };
  if (hour === undefined) return { low, next: low + day };
  if (second === undefined) return { low, next: low + units['m'] };
  const from = low + Math.round(Number(second) * 1000);
  return { low: from, next: from + (second.includes('.') ? 1 : 1000) };
}

/** ms of `90s`, `5m`, `2h`, `7d`, `1w`; null of all else. */
function readLength(word: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)([smhdw])$/i.exec(word);
  return parts === null ? null : Number(parts[1]) * units[parts[2].toLowerCase()];
}

/** What a filter may write for the values of a column, for whoever wrote something else. */
export function expectedOf({ kind, words }: FilterColumn): string {
  if (words !== undefined) return `one of ${words.join(', ')}`;
  switch (kind) {
    case 'number':
      return 'a number, as 0.52 or 1e-3';
    case 'seconds':
      return 'a time, as 90s, 5m, 2h or 1d';
    case 'date':
      return 'a day or a time in UTC, as 2026-11-03, 2026-11, today or -7d';
    case 'run':
      return 'a run, as R12';
    case 'truth':
      return 'true or false';
    case 'text':
    case 'state':
    case 'tags':
    case 'mixed':
      return 'a word, or a text in quotes';
  }
}

interface ReadTest {
  readonly test: ValueTest | null;
  /** The word of the column that was probably meant, where this is none of its words. */
  readonly meant?: string;
}

/** The test that a value is this word; none where no value of the column can be it. */
export function readEqual(word: string, isQuoted: boolean, column: FilterColumn, now: number): ReadTest {
  const { kind, words } = column;
  if (!isQuoted && /^(none|null)$/i.test(word)) return { test: { is: 'missing' } };
  const text = word.toLowerCase();
  if (words !== undefined) {
    const isKnown = words.some((known) => known.toLowerCase() === text);
    return isKnown ? { test: { is: 'text', text } } : { test: null, meant: closest(word, words) };
  }
  const truth = text === 'true' || text === 'yes' ? true : text === 'false' || text === 'no' ? false : null;
  if (kind === 'truth') return { test: truth === null ? null : { is: 'truth', value: truth } };
  if (kind === 'mixed' && truth !== null && !isQuoted) return { test: { is: 'truth', value: truth } };
  if ((kind === 'number' || kind === 'mixed') && text === 'nan' && !isQuoted) return { test: { is: 'notNumber' } };
  const span = isQuoted && kind === 'mixed' ? null : readSpan(word, kind, now);
  if (span !== null) return { test: rangeOf(span, span) };
  if (kind === 'text' || kind === 'tags' || kind === 'state' || kind === 'mixed') return { test: { is: 'text', text } };
  return { test: null };
}

/** Everything from the first ms, or number, of one to the last of the other, both in it. */
export function rangeOf(low: Span | null, high: Span | null): ValueTest {
  return {
    is: 'range',
    low: low?.low ?? -Infinity,
    high: high?.next ?? Infinity,
    isLowOpen: false,
    // A day ends before the next one begins; a number is its own end.
    isHighOpen: high !== null && high.next > high.low,
  };
}

/** What stands on one side of a word. */
export function sideOf(sign: '<' | '<=' | '>' | '>=', span: Span): ValueTest {
  const isPoint = span.next === span.low;
  switch (sign) {
    case '<':
      return { is: 'range', low: -Infinity, high: span.low, isLowOpen: false, isHighOpen: true };
    case '<=':
      return { is: 'range', low: -Infinity, high: span.next, isLowOpen: false, isHighOpen: !isPoint };
    case '>':
      return { is: 'range', low: span.next, high: Infinity, isLowOpen: isPoint, isHighOpen: false };
    case '>=':
      return { is: 'range', low: span.low, high: Infinity, isLowOpen: false, isHighOpen: false };
  }
}
