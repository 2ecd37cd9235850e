import { AppError } from '#core/error.ts';
import { day } from './timeframe.ts';

/** A zone in which naive times are read. */
export interface Zone {
  readonly name: string;
  /** Milliseconds to add to UTC to get the local clock at the instant `utc`. */
  offsetAt(utc: number): number;
}

const utc: Zone = { name: 'UTC', offsetAt: () => 0 };
const zones = new Map<string, Zone>();

/**
 * Finds a zone by IANA name (`America/New_York`), by fixed offset (`+02:00`) or `UTC`.
 * @throws AppError invalid_config, naming data.timezone
 */
export function openZone(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = makeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

function makeZone(name: string): Zone {
  const text = name.trim();
  if (/^(?:utc|gmt|z|etc\/utc)$/i.test(text)) return utc;
  const fixed = /^([-+])([01]\d|2[0-3])(?::?([0-5]\d))?$/.exec(text);
  if (fixed) {
    const offset = (fixed[1] === '-' ? -1 : 1) * (Number(fixed[2]) * 3_600_000 + Number(fixed[3] ?? 0) * 60_000);
    return { name: text, offsetAt: () => offset };
  }
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: text,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch (cause) {
    const message = `expected a zone such as UTC, +02:00 or America/New_York, received ${JSON.stringify(text.slice(0, 60))}`;
    throw new AppError('invalid_config', `data.timezone: ${message}.`, {
      issues: [{ path: 'data.timezone', message }],
      cause,
    });
  }
  return { name: text, offsetAt: cachedOffset((time) => offsetOf(format, time)) };
}

function offsetOf(format: Intl.DateTimeFormat, time: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(time)) parts[type] = Number(value);
  const local = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return local - Math.floor(time / 1000) * 1000;
}

/** Intl is slow: it is asked once for each day, and for each quarter hour only on days on which the offset changes. */
function cachedOffset(exact: (time: number) => number): (time: number) => number {
  const cache = new Map<number, number>();
  const at = (time: number): number => {
    let offset = cache.get(time);
    if (offset === undefined) {
      offset = exact(time);
      cache.set(time, offset);
    }
    return offset;
  };
  return (time) => {
    const start = Math.floor(time / day) * day;
    const offset = at(start);
    if (offset === at(start + day)) return offset;
    return at(Math.floor(time / 900_000) * 900_000);
  };
}

/**
 * The instants at which the zone's clock shows `local` (milliseconds as if the clock were UTC), ascending: one as a
 * rule, two where the clock is set back, none where it is set forward over it.
 */
export function instantsOf(local: number, zone: Zone): readonly number[] {
  const before = local - zone.offsetAt(local - day);
  const after = local - zone.offsetAt(local + day);
  const found: number[] = [];
  if (before + zone.offsetAt(before) === local) found.push(before);
  if (after !== before && after + zone.offsetAt(after) === local) found.push(after);
  return found.sort((a, b) => a - b);
}
