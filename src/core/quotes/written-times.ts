import { AppError } from '#core/error.ts';
import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { indicesWhere } from '#core/table/rows-where.ts';
import { parseTimeText } from '#core/time/time-text.ts';
import { day } from '#core/time/timeframe.ts';
import type { NamedZone } from '#core/time/zone-name.ts';
import type { Zone } from '#core/time/zone.ts';
import { findDateOrder } from './date-order.ts';
import { isPlausible } from './time-number.ts';

/** Times as written: instants, and clocks that still need a zone. */
export interface WrittenTimes {
  /** Clocks as if they were UTC; NaN where a row has no readable time. */
  readonly ms: Float64Array;
  /** Rows of `ms` that are clocks. */
  readonly clocks: Int32Array;
  /** The zones of those rows that name their own. */
  readonly zones: ReadonlyMap<number, Zone> | null;
  /** In words; `*` stands for the zone. */
  readonly format: string;
  /** Most of them are dates without a time of day. */
  readonly dates: boolean;
  readonly repaired: number;
  readonly notes: readonly string[];
}

const clockForm = 1;
const dateForm = 2;

/**
 * Reads the times of a column of texts (CLEANING.md#times).
 * @param declared the zone of data.timezone
 * @throws AppError data_unreadable at a zone that several places have, or at days without a year
 */
export function readTimeTexts(source: RawColumn, declared: Zone): WrittenTimes {
  const notes: string[] = [];
  const rows = source.kind.length;
  const order = findDateOrder(source, rows, notes);
  const ms = new Float64Array(rows).fill(NaN);
  const seen = { zoned: 0, local: 0, dates: 0 };
  const forms = new Uint8Array(rows);
  const zones = new Map<number, Zone>();
  const named = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    if (source.kind[row] === cellKinds.blank) continue;
    if (source.kind[row] === cellKinds.instant) {
      if (isPlausible(source.numbers[row])) ms[row] = source.numbers[row];
      continue;
    }
    const time = parseTimeText(cellText(source, row), order);
    if (!time || !isPlausible(time.ms)) continue;
    ms[row] = time.ms;
    if (time.zone !== null) {
      const { zone } = time;
      if (zone.kind === 'ambiguous' && declared.name === 'UTC') {
        if (zone.beside === null || !namesZone(source, zone.beside.name)) throw severalZones(zone, row);
        ms[row] -= zone.beside.offset;
        seen.zoned++;
        named.set(zone.name, zone.beside.offset);
        continue;
      }
      if (zone.kind === 'fixed' && zone.offset !== 0) named.set(zone.name, zone.offset);
      if (zone.kind === 'place') zones.set(row, zone.zone);
    }
    if (time.dateOnly) {
      seen.dates++;
      forms[row] = dateForm;
    } else if (time.zoned) seen.zoned++;
    else {
      seen.local++;
      forms[row] = clockForm;
    }
  }
  refuseYearless(source, ms);
  for (const [name, offset] of named) notes.push(`times in ${name} are read as ${offsetText(offset)} the year round`);
  const mostlyDates = seen.dates > seen.local + seen.zoned;
  // Midnight written without its time, among clocks: it belongs to the same clock.
  const withDates = !mostlyDates && seen.local > seen.zoned;
  return {
    ms,
    clocks: indicesWhere(rows, (row) => forms[row] === clockForm || (withDates && forms[row] === dateForm)),
    zones: zones.size > 0 ? zones : null,
    format: formatOf(seen, zones),
    dates: mostlyDates,
    repaired: 0,
    notes,
  };
}

/** `Jan-05` is a month of 2005, and a day to some: of days each would lie a year behind the one before. */
function refuseYearless(source: RawColumn, ms: Float64Array): void {
  const first = cellText(source, Math.max(0, source.kind.indexOf(cellKinds.text)));
  if (!/^\p{L}{3,10}\.?-\d{2}$/u.test(first)) return;
  let [years, pairs] = [0, 0];
  for (let row = 1; row < ms.length; row++) {
    const days = Math.abs(ms[row] - ms[row - 1]) / day;
    if (Number.isNaN(days)) continue;
    pairs++;
    if (days === 365 || days === 366) years++;
  }
  if (pairs < 3 || years * 2 < pairs) return;
  const message = `times such as ${JSON.stringify(first)} that are a day and a month without a year`;
  throw new AppError('data_unreadable', `Found ${message}. Write the dates with their years, such as 2024-01-31.`, {
    issues: [{ path: 'data.source', message }],
  });
}

function formatOf(seen: { zoned: number; local: number; dates: number }, zones: ReadonlyMap<number, Zone>): string {
  if (seen.dates > seen.local + seen.zoned) return 'dates';
  if (seen.local <= seen.zoned) return 'text with offset';
  return zones.size > 0 ? `local text (${zoneNames(zones)})` : 'local text (*)';
}

/** The zones that rows name, for the format and for notes. */
export function zoneNames(zones: ReadonlyMap<number, Zone>): string {
  return [...new Set([...zones.values()].map(({ name }) => name))].slice(0, 3).join(', ');
}

function offsetText(offset: number): string {
  return `UTC${offset < 0 ? '-' : '+'}${Math.abs(offset) / 3_600_000}`;
}

/** Whether a text of the column ends with that word. */
function namesZone(source: RawColumn, word: string): boolean {
  return source.kind.some((kind, row) => kind === cellKinds.text && cellText(source, row).endsWith(word));
}

function severalZones({ name, places, example }: NamedZone & { readonly kind: 'ambiguous' }, row: number): AppError {
  const message = `times name the zone ${name} (row ${row + 1}), which is that of ${places}`;
  return new AppError(
    'data_unreadable',
    `Found ${message}: it cannot be known which. Set data.timezone to the zone meant, such as ${example}.`,
    { issues: [{ path: 'data.timezone', message }] },
  );
}
