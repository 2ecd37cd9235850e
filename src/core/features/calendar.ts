import { AppError } from '#core/error.ts';
import type { FeaturesConfig } from '#core/config/features.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

/**
 * Place of each moment in its day and week as sine and cosine (FORMULAS.md#calendar): time of day from the minute of
 * the day, day of week from the whole day with Monday = 0. `closes` are the bars' CLOSING times in ms UTC, read in
 * `timezone` (an IANA name). Throws invalid_config where the zone is unknown.
 */
export function calendarFeatures(
  closes: Float64Array,
  calendar: NonNullable<FeaturesConfig['calendar']>,
  timezone: string,
): { readonly names: readonly string[]; readonly columns: readonly Float64Array[] } {
  const local = localTimes(closes, timezone);
  const names: string[] = [];
  const columns: Float64Array[] = [];
  const cycle = (name: string, phase: (time: number) => number) => {
    names.push(`calendar.${name}_sin`, `calendar.${name}_cos`);
    const angles = local.map((time) => 2 * Math.PI * phase(time));
    columns.push(angles.map(Math.sin), angles.map(Math.cos));
  };
  if (calendar.time_of_day) cycle('time_of_day', (time) => Math.floor(modulo(time, DAY) / MINUTE) / 1440);
  // 1970-01-01 was a Thursday, three days after a Monday.
  if (calendar.day_of_week) cycle('day_of_week', (time) => modulo(Math.floor(time / DAY) + 3, 7) / 7);
  return { names, columns };
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

function localTimes(utc: Float64Array, timezone: string): Float64Array {
  if (timezone === 'UTC') return utc;
  const offset = offsetReader(timezone);
  // An offset holds for a whole UTC day unless its two ends differ: two look-ups a day instead of one a bar.
  const days = new Map<number, number | null>();
  return utc.map((time) => {
    const day = Math.floor(time / DAY);
    let whole = days.get(day);
    if (whole === undefined) {
      const morning = offset(day * DAY);
      whole = morning === offset((day + 1) * DAY) ? morning : null;
      days.set(day, whole);
    }
    return time + (whole ?? offset(time));
  });
}

/** Reader of a zone's distance to UTC in ms at a moment. */
function offsetReader(timezone: string): (time: number) => number {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch (cause) {
    const message = `Expected an IANA time zone such as UTC or America/New_York, received "${timezone}". Correct data.timezone.`;
    throw new AppError('invalid_config', message, { issues: [{ path: 'data.timezone', message }], cause });
  }
  return (time) => {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
    return wall - Math.floor(time / 1000) * 1000;
  };
}
