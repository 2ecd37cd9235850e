import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { readNumbers } from '#core/table/number-format.ts';
import { indicesWhere } from '#core/table/rows-where.ts';
import type { RawTable } from '#core/table/table.ts';
import { day } from '#core/time/timeframe.ts';
import { type HeaderZone, zoneOfHeader } from '#core/time/zone-name.ts';
import { instantsOf, type Zone } from '#core/time/zone.ts';
import { joinClock } from './clock-column.ts';
import { setBackNote } from './clock-set-back.ts';
import type { NumberTimes } from './number-form.ts';
import { isPlausible, readTimeNumbers } from './time-number.ts';
import { type WrittenTimes, readTimeTexts, zoneNames } from './written-times.ts';

/** The times of a table, one a row. */
interface ParsedTimes {
  /** Milliseconds since 1970 UTC as the source labels the bar; NaN where a row has no readable time. */
  readonly ms: Float64Array;
  /** In words: `epoch milliseconds`, `text with offset`, `local text (UTC)`, `dates`, `timestamps (UTC)`. */
  readonly format: string;
  /** Local times that the clock shows twice, settled by the order of the file. */
  readonly ambiguous: number;
  /** Times that were impossible as written and could be repaired with certainty. */
  readonly repaired: number;
  readonly notes: readonly string[];
}

function headerNotes({ written, zone: named }: HeaderZone, used: Zone, declared: Zone): string[] {
  if (named === null) return [`the header says ${written}, which several zones are called: read in ${used.name}`];
  if (named.name === declared.name) return [];
  return used === named
    ? [`times are those of ${named.name}, as the header says`]
    : [`the header says ${written}, data.timezone ${declared.name}: read as ${declared.name}`];
}

/**
 * Reads the time of every row (CLEANING.md#times): numbers as `readTimeNumbers` says, texts as `parseTimeText` says.
 * Clocks without a zone are those of the zone that the name of the column names (`Time (EET)`), else of `zone`; dates
 * without a time of day are midnight UTC.
 *
 * @param zone that of data.timezone
 * @throws AppError data_unreadable where the times cannot be known: mixed units, numbers of bars, rounded epochs, a name
 *   of several zones
 */
export function parseTimes(
  table: RawTable,
  columns: readonly [number] | readonly [number, number],
  zone: Zone,
): ParsedTimes {
  const source = table.columns[columns[0]];
  const name = table.names?.[columns[0]] ?? null;
  const column = columns.length === 2 ? joinClock(source, table.columns[columns[1]], table.rows, name) : source;
  const written = readColumn(column, name, zone);
  const notes = [...written.notes];
  dropDefaults(written.ms, notes);
  const header = columns.map((index) => zoneOfHeader(table.names?.[index] ?? '')).find((found) => found !== null);
  // What the file says of its own clock counts, as an offset in a time does; `EST` may be meant loosely.
  const ownZone = header?.zone && !(header.loose && zone.name !== 'UTC') ? header.zone : zone;
  if (header && written.clocks.length > 0) notes.push(...headerNotes(header, ownZone, zone));
  const doubled = ownZone.name === 'UTC' && written.clocks.length > 0 ? setBackNote(written.ms, ownZone.name) : null;
  if (doubled !== null) notes.push(doubled);
  const { ambiguous, skipped } = toInstants(written, ownZone);
  const clockZone = written.zones ? zoneNames(written.zones) : ownZone.name;
  if (skipped > 0)
    notes.push(`${skipped} local times do not exist in ${clockZone} (clock set forward) and were dropped`);
  if (ambiguous > 0)
    notes.push(`${ambiguous} local times occur twice in ${clockZone} (clock set back): settled by order`);
  if (written.dates && zone.name !== 'UTC') {
    notes.push('dates without a time of day are midnight UTC; data.timezone is not applied to them');
  }
  const format = written.format.replace('*', ownZone.name);
  return { ms: written.ms, format, ambiguous, repaired: written.repaired, notes };
}

function readColumn(source: RawColumn, name: string | null, zone: Zone): WrittenTimes {
  const counts = [0, 0, 0, 0, 0];
  for (const kind of source.kind) counts[kind]++;
  const numbers = counts[cellKinds.number] + counts[cellKinds.thousandth];
  if (numbers > counts[cellKinds.text] + counts[cellKinds.instant]) {
    const { kind } = source;
    const values = counts[cellKinds.instant]
      ? source.numbers.map((value, row) => (kind[row] === cellKinds.instant ? NaN : value))
      : source.numbers;
    return fromNumbers(readTimeNumbers(values, name));
  }
  if (counts[cellKinds.instant] > counts[cellKinds.text]) return readInstants(source);
  const written = readTimeTexts(source, zone);
  if (!written.ms.every(Number.isNaN)) return written;
  // Numbers of a spreadsheet in another country: `1,7356E+12`, `45300,5`, `1.735.603.200`.
  const table = {
    name: '',
    names: [name ?? ''],
    instruments: null,
    columns: [source],
    rows: written.ms.length,
    notes: [],
  };
  const numbersOf = (): Float64Array | undefined =>
    readNumbers(table, { prices: [], others: [0], time: [], decimal: 'auto' }).values.get(0);
  const first = cellText(source, Math.max(0, source.kind.indexOf(cellKinds.text)));
  const values = /^\d[\d.,' ]{4,}(?:[eE]\+?\d+)?$/.test(first) ? numbersOf() : undefined;
  return values ? fromNumbers(readTimeNumbers(values, name)) : written;
}

function fromNumbers({ ms, are, format, repaired, notes }: NumberTimes): WrittenTimes {
  const clocks = are === 'clocks' ? timedRows(ms) : none;
  const words = are === 'clocks' ? `${format} (*)` : format;
  return { ms, clocks, zones: null, format: words, dates: are === 'dates', repaired, notes };
}

const none = new Int32Array(0);

function timedRows(ms: Float64Array): Int32Array {
  return indicesWhere(ms.length, (row) => !Number.isNaN(ms[row]));
}

/** Timestamps of a typed format: instants, or those of a clock; clocks that all show midnight are dates, as in text. */
function readInstants({ kind, numbers, naive }: RawColumn): WrittenTimes {
  const ms = numbers.map((value, row) => (kind[row] === cellKinds.instant && isPlausible(value) ? value : NaN));
  const dates = naive && ms.every((value) => Number.isNaN(value) || value % day === 0);
  return {
    ms,
    clocks: naive && !dates ? timedRows(ms) : none,
    zones: null,
    format: dates ? 'dates' : naive ? 'local timestamps (*)' : 'timestamps (UTC)',
    dates,
    repaired: 0,
    notes: [],
  };
}

/** What programs write where they have no time: 1970, 1900 and the last second of 32 bits. */
const defaults: ReadonlySet<number> = new Set([
  0,
  -1,
  -1000,
  Date.UTC(1900, 0, 1),
  2_147_483_647_000,
  -2_147_483_648_000,
]);

/** Takes away times that stand for none: a default with no other time within a year of it. */
function dropDefaults(ms: Float64Array, notes: string[]): void {
  for (const wrong of defaults) {
    if (!ms.includes(wrong)) continue;
    const near = (time: number): boolean =>
      time !== wrong && !defaults.has(time) && Math.abs(time - wrong) <= 366 * day;
    if (ms.some(near)) continue;
    let dropped = 0;
    for (let row = 0; row < ms.length; row++) {
      if (ms[row] !== wrong) continue;
      ms[row] = NaN;
      dropped++;
    }
    const date = new Date(wrong).toISOString().slice(0, 10);
    notes.push(`rows with the default time ${date}, far from all others, were dropped: ${dropped}`);
  }
}

/** Replaces clocks by instants; of two candidates the one that continues the file's order. */
function toInstants({ ms, clocks, zones }: WrittenTimes, zone: Zone): { ambiguous: number; skipped: number } {
  if ((zone.name === 'UTC' && !zones) || clocks.length === 0) return { ambiguous: 0, skipped: 0 };
  const descending = ms[clocks[0]] > ms[clocks[clocks.length - 1]];
  let previous = descending ? Infinity : -Infinity;
  let ambiguous = 0;
  let skipped = 0;
  for (let k = 0; k < clocks.length; k++) {
    const row = clocks[k];
    if (Number.isNaN(ms[row])) continue;
    const found = instantsOf(ms[row], zones?.get(row) ?? zone);
    if (found.length === 0) {
      ms[row] = NaN;
      skipped++;
      continue;
    }
    if (found.length > 1) ambiguous++;
    ms[row] = descending
      ? (found.findLast((instant) => instant < previous) ?? found[0])
      : (found.find((instant) => instant > previous) ?? found[found.length - 1]);
    previous = ms[row];
  }
  return { ambiguous, skipped };
}
