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
  const { minute, weekday } = placesOf(localTimes(closes, timezone));
  const names: string[] = [];
  const columns: Float64Array[] = [];
  const cycle = (name: string, places: Uint16Array, length: number) => {
    names.push(`calendar.${name}_sin`, `calendar.${name}_cos`);
    columns.push(turn(places, length, Math.sin), turn(places, length, Math.cos));
  };
  if (calendar.time_of_day) cycle('time_of_day', minute, 1440);
  if (calendar.day_of_week) cycle('day_of_week', weekday, 7);
  return { names, columns };
}

/** Minute of the day, and day of the week from Monday, of local times in ms. */
function placesOf(local: Float64Array): { readonly minute: Uint16Array; readonly weekday: Uint16Array } {
  const minute = new Uint16Array(local.length);
  const weekday = new Uint16Array(local.length);
  for (let i = 0; i < local.length; i++) {
    const day = Math.floor(local[i] / DAY);
    minute[i] = (local[i] - day * DAY) / MINUTE;
    // 1970-01-01 was a Thursday, three days after a Monday.
    weekday[i] = day + 3 - 7 * Math.floor((day + 3) / 7);
  }
  return { minute, weekday };
}

/** Sine or cosine of each place on a circle of `length` places, from a table of them. */
function turn(places: Uint16Array, length: number, wave: (angle: number) => number): Float64Array {
  const table = Float64Array.from({ length }, (_, place) => wave(2 * Math.PI * (place / length)));
  const out = new Float64Array(places.length);
  for (let i = 0; i < out.length; i++) out[i] = table[places[i]];
  return out;
}

function localTimes(utc: Float64Array, timezone: string): Float64Array {
  if (timezone === 'UTC') return utc;
  const offset = offsetReader(timezone);
  const out = new Float64Array(utc.length);
  // An offset holds for a whole UTC day unless its two ends differ: two look-ups a day instead of one a bar.
  let known = NaN;
  let whole: number | null = null;
  for (let i = 0; i < out.length; i++) {
    const day = Math.floor(utc[i] / DAY);
    if (day !== known) {
      const morning = offset(day * DAY);
      whole = morning === offset((day + 1) * DAY) ? morning : null;
      known = day;
    }
    out[i] = utc[i] + (whole ?? offset(utc[i]));
  }
  return out;
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
