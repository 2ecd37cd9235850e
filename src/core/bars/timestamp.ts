import { AppError } from '#core/error.ts';
import { ambiguousParts, type DateOrder, parseTimeText } from './time-text.ts';
import { cellKinds, cellText, ColumnBuilder, type RawColumn } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { instantsOf, type Zone } from './zone.ts';

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

const unitNames = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'] as const;
const perMillisecond = [1 / 1000, 1, 1000, 1_000_000] as const;
/** Instants outside 1900 … 2200 are taken for no time at all. */
const earliest = Date.UTC(1900, 0, 1);
const latest = Date.UTC(2200, 0, 1);

/**
 * Reads the time of every row (CLEANING.md#times). Numbers are epochs whose unit follows from the magnitude of their
 * median, or calendar stamps written together (`20200501`, `20200501093000`); texts without an offset are read in
 * `zone`, dates without a time of day as midnight UTC.
 *
 * @throws AppError data_unreadable where one column mixes epoch units
 */
export function parseTimes(
  table: RawTable,
  columns: readonly [number] | readonly [number, number],
  zone: Zone,
): ParsedTimes {
  const source = table.columns[columns[0]];
  if (columns.length === 2) return parseTexts(joinClock(source, table.columns[columns[1]], table.rows), zone);
  let numbers = 0;
  let others = 0;
  let compact = true;
  for (let row = 0; row < table.rows; row++) {
    const kind = source.kind[row];
    if (kind === cellKinds.number || kind === cellKinds.thousandth) {
      numbers++;
      compact &&= isCalendarStamp(source.numbers[row]);
    } else if (kind !== cellKinds.blank) others++;
  }
  return numbers > others && !compact ? parseEpochs(source) : parseTexts(source, zone);
}

function isCalendarStamp(value: number): boolean {
  const text = String(value);
  return (
    (text.length === 8 || text.length === 12 || text.length === 14) && parseTimeText(text, 'month-first') !== undefined
  );
}

function parseEpochs({ kind, numbers }: RawColumn): ParsedTimes {
  const values = numbers.map((value, row) => (kind[row] === cellKinds.instant ? NaN : value));
  const rows = values.length;
  const finite = values.filter((value) => Number.isFinite(value)).sort();
  const unit = unitOf(finite[finite.length >> 1]);
  const ms = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = unitOf(values[row]);
    const instant = Math.round(values[row] / perMillisecond[unit]);
    if (own !== unit && plausible(values[row] / perMillisecond[own]) && values[row] > 1e8) {
      const message = `times in ${unitNames[unit]} and in ${unitNames[own]} (row ${row + 1}) in one column`;
      throw new AppError('data_unreadable', `Found ${message}: expected one unit. Convert the file to one unit.`, {
        issues: [{ path: 'data.source', message }],
      });
    }
    ms[row] = plausible(instant) ? instant : NaN;
  }
  return { ms, format: `epoch ${unitNames[unit]}`, ambiguous: 0, repaired: 0, notes: [] };
}

/** Index of the unit by magnitude (CLEANING.md#times). */
function unitOf(value: number): number {
  const size = Math.abs(value);
  if (size < 1e11) return 0;
  if (size < 1e14) return 1;
  return size < 1e17 ? 2 : 3;
}

function plausible(ms: number): boolean {
  return ms >= earliest && ms < latest;
}

function parseTexts(source: RawColumn, zone: Zone): ParsedTimes {
  const notes: string[] = [];
  const rows = source.kind.length;
  const order = findDateOrder(source, rows, notes);
  const ms = new Float64Array(rows).fill(NaN);
  const seen = { zoned: 0, local: 0, dates: 0, typed: 0 };
  const local: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (source.kind[row] === cellKinds.blank) continue;
    if (source.kind[row] === cellKinds.instant) {
      ms[row] = plausible(source.numbers[row]) ? source.numbers[row] : NaN;
      seen.typed++;
      continue;
    }
    const time = parseTimeText(cellText(source, row), order);
    if (!time || !plausible(time.ms)) continue;
    ms[row] = time.ms;
    if (time.dateOnly) seen.dates++;
    else if (time.zoned) seen.zoned++;
    else {
      seen.local++;
      local.push(row);
    }
  }
  // A date among local times (midnight written without its time) belongs to the same clock.
  const { ambiguous, skipped } = toInstants(ms, local, zone);
  if (skipped > 0)
    notes.push(`${skipped} local times do not exist in ${zone.name} (clock set forward) and were dropped`);
  if (ambiguous > 0)
    notes.push(`${ambiguous} local times occur twice in ${zone.name} (clock set back): settled by order`);
  if (seen.dates > seen.local + seen.zoned && zone.name !== 'UTC') {
    notes.push('dates without a time of day are midnight UTC; data.timezone is not applied to them');
  }
  return { ms, format: formatOf(seen, zone), ambiguous, repaired: 0, notes };
}

function formatOf(seen: { zoned: number; local: number; dates: number; typed: number }, zone: Zone): string {
  if (seen.typed > seen.dates + seen.local + seen.zoned) return 'timestamps (UTC)';
  if (seen.dates > seen.local + seen.zoned) return 'dates';
  return seen.local > seen.zoned ? `local text (${zone.name})` : 'text with offset';
}

/** Replaces the local clock in `ms` by instants at `rows`; of two candidates the one that continues the file's order. */
function toInstants(ms: Float64Array, rows: readonly number[], zone: Zone): { ambiguous: number; skipped: number } {
  if (zone.name === 'UTC' || rows.length === 0) return { ambiguous: 0, skipped: 0 };
  const descending = ms[rows[0]] > ms[rows[rows.length - 1]];
  let previous = descending ? Infinity : -Infinity;
  let ambiguous = 0;
  let skipped = 0;
  for (const row of rows) {
    const found = instantsOf(ms[row], zone);
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

/**
 * Decides whether the month or the day comes first: by dates that can be read in one way only, else by the reading in
 * which times run in order.
 */
function findDateOrder({ texts }: Pick<RawColumn, 'texts'>, rows: number, notes: string[]): DateOrder {
  let [firstOver, secondOver, total] = [0, 0, 0];
  for (let row = 0; row < rows; row++) {
    const value = texts?.[row];
    const parts = value !== undefined ? ambiguousParts(value) : undefined;
    if (!parts) continue;
    total++;
    if (parts[0] > 12) firstOver++;
    if (parts[1] > 12) secondOver++;
  }
  if (total === 0) return 'month-first';
  if (firstOver !== secondOver) return firstOver > secondOver ? 'day-first' : 'month-first';
  const order =
    turns({ texts }, rows, 'day-first') < turns({ texts }, rows, 'month-first') ? 'day-first' : 'month-first';
  notes.push(`dates could be month or day first: read as ${order}`);
  return order;
}

/** How often the times of consecutive rows change direction. */
function turns({ texts }: Pick<RawColumn, 'texts'>, rows: number, order: DateOrder): number {
  let [count, previous, direction] = [0, NaN, 0];
  for (let row = 0; row < Math.min(rows, 10_000); row++) {
    const value = texts?.[row];
    const time = value !== undefined ? parseTimeText(value, order) : undefined;
    if (!time) continue;
    const next = Math.sign(time.ms - previous) || 0;
    if (next !== 0 && direction !== 0 && next !== direction) count++;
    if (next !== 0) direction = next;
    previous = time.ms;
  }
  return count;
}

/** Date and time of day of two columns as one column of texts. */
function joinClock(dates: RawColumn, clocks: RawColumn, rows: number): RawColumn {
  const largest = clocks.numbers.reduce((most, value) => (value > most ? value : most), 0);
  const joined = new ColumnBuilder(rows);
  for (let row = 0; row < rows; row++) {
    const [date, clock] = [cellText(dates, row), cellText(clocks, row)];
    if (date === '' || clock === '') joined.blank();
    else joined.text(`${date} ${Number.isNaN(clocks.numbers[row]) ? clock : clockText(clocks.numbers[row], largest)}`);
  }
  return joined.finish();
}

/** 93000 → `09:30:00`, 930 → `09:30`, 9 → `09:00`; the largest value of the column decides which form it has. */
function clockText(value: number, largest: number): string {
  if (largest < 24) return `${String(value).padStart(2, '0')}:00`;
  const digits = String(value).padStart(largest > 2400 ? 6 : 4, '0');
  return digits.replace(/(\d\d)(?=\d)/g, '$1:');
}
