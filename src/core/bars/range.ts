import { AppError } from '#core/error.ts';
import { parseTimeText } from './time-text.ts';
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
  const start = range.start === null ? -Infinity : instant('start', range.start, zone).ms;
  const last = range.end === null ? undefined : instant('end', range.end, zone);
  const end = last === undefined ? Infinity : last.ms + (last.dateOnly ? day : 0);
  if (!(start < end)) {
    throw invalid('start', `expected a start before the end, received ${range.start} and ${range.end}`);
  }
  return [start, end];
}

function instant(key: string, text: string, zone: Zone): { ms: number; dateOnly: boolean } {
  const time = parseTimeText(text.trim(), 'month-first');
  if (!time || !/^\d{4}/.test(text.trim())) {
    throw invalid(
      key,
      `expected a date such as 2021-06-30 or 2021-06-30T12:00Z, received ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
  if (time.zoned || time.dateOnly) return time;
  return { ms: instantsOf(time.ms, zone)[0] ?? time.ms - zone.offsetAt(time.ms), dateOnly: false };
}

function invalid(key: string, message: string): AppError {
  return new AppError('invalid_config', `data.range.${key}: ${message}.`, {
    issues: [{ path: `data.range.${key}`, message }],
  });
}
