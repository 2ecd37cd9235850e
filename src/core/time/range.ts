import { AppError } from '#core/error.ts';
import { parseTimeText, type TimeText } from './time-text.ts';
import { day } from './timeframe.ts';
import { instantsOf, type Zone } from './zone.ts';

/**
 * The half-open stretch [start, end) of data.range in milliseconds, −∞ and ∞ where not given. A date alone means
 * midnight UTC as `start`, and as `end` the end of that day, so that both dates belong to the range.
 * @throws AppError invalid_config
 */
export function parseRange(
  range: { readonly start: string | null; readonly end: string | null },
  zone: Zone,
): readonly [number, number] {
  const start = range.start === null ? -Infinity : requireInstant('data.range.start', range.start, zone).ms;
  const last = range.end === null ? undefined : requireInstant('data.range.end', range.end, zone);
  const end = last === undefined ? Infinity : last.ms + (last.dateOnly ? day : 0);
  if (!(start < end)) {
    throw invalid('data.range.end', `expected a time after start (${range.start}), received ${range.end}`);
  }
  return [start, end];
}

/**
 * The instant of a time at the key `path` of the configuration, ms UTC; a date alone means midnight UTC.
 * @throws AppError invalid_config
 */
export function requireInstant(
  path: string,
  text: string,
  zone: Zone,
): { readonly ms: number; readonly dateOnly: boolean } {
  const time = parseRangeTime(text);
  if (!time) {
    throw invalid(
      path,
      `expected a date such as 2021-06-30 or 2021-06-30T12:00Z, received ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
  if (time.zoned || time.dateOnly) return time;
  const own = time.zone?.kind === 'place' ? time.zone.zone : zone;
  return { ms: instantsOf(time.ms, own)[0] ?? time.ms - own.offsetAt(time.ms), dateOnly: false };
}

/** An instant as `requireInstant` reads it in any zone: 2021-06-01 where it is midnight UTC, else 2021-06-01T13:00Z. */
export function writeInstant(ms: number): string {
  const [date, clock] = new Date(ms).toISOString().split('T');
  return clock === '00:00:00.000Z' ? date : `${date}T${clock.replace(/(?::00)?\.000Z$/, 'Z')}`;
}

/**
 * A time of data.range or data.split: any form of `parseTimeText` that begins with the year, so that no order of day and month has to
 * be guessed, and whose zone is known. Undefined for all else.
 */
export function parseRangeTime(text: string): TimeText | undefined {
  if (text.length > 100) return undefined;
  const trimmed = text.trim();
  const time = /^\d{4}/.test(trimmed) ? parseTimeText(trimmed, 'month-first') : undefined;
  return time?.zone?.kind === 'ambiguous' ? undefined : time;
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid_config', `${path}: ${message}.`, { issues: [{ path, message }] });
}
