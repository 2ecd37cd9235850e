import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { readNumbers } from '#core/table/number-format.ts';
import type { RawTable } from '#core/table/table.ts';
import type { Zone } from '#core/time/zone.ts';
import { quote } from './column-mapping.ts';
import { type ColumnConfig, findColumns } from './columns.ts';
import { findExtra, numericColumns, readExtra } from './extra-column.ts';
import { isNamedAfter } from './file-instrument.ts';
import { columnsOf, isInstrument, requireOneInstrument } from './instrument.ts';
import { parseTimes } from './timestamp.ts';
import { readVolume } from './volume.ts';

/** Prices and volume of rows, as columns; NaN where a cell is none. */
export interface Values {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  /** 0 where missing. */
  readonly volume: Float64Array;
  /** Further columns of the file that were asked for, by their name in the file; NaN where a cell is none. */
  readonly extra: Readonly<Record<string, Float64Array>>;
}

/** The rows of one file, understood: times and values, in the order of the file and not checked yet. */
export interface Quotes extends Values {
  /** Base name of the file, for messages. */
  readonly name: string;
  readonly rows: number;
  /** Milliseconds since 1970 UTC as the file labels the bar; NaN where a row has no readable time. */
  readonly time: Float64Array;
  /** Cells as the file has them, for messages: `open "x", high 3, …`. */
  pricesOf(row: number): string;
  /** The time of a row as the file has it. */
  timeOf(row: number): string;
  readonly hasVolume: boolean;
  readonly missingVolume: number;
  /** The times are those of the close of the bar whatever data.bar_label says: the file has only a `close_time`. */
  readonly closeLabelled: boolean;
  /** Part of a bar → column of the file. */
  readonly found: Readonly<Record<string, string>>;
  /** Names of the columns that nothing was taken from. */
  readonly unused: readonly string[];
  /** Names of the columns that hold numbers. */
  readonly numeric: readonly string[];
  /** The instrument, where the file names one. */
  readonly symbol: string | null;
  readonly timeFormat: string;
  /** Local times that the clock shows twice. */
  readonly ambiguous: number;
  /** Times that were impossible as written and could be repaired with certainty. */
  readonly repaired: number;
  readonly notes: readonly string[];
}

/** The parts of data: that understanding one file needs. */
export type QuotesConfig = ColumnConfig & Pick<DataConfig, 'decimal'>;

const prices = ['open', 'high', 'low', 'close'] as const;

/**
 * Understands one file: which column is what (CLEANING.md#columns), how its times and its numbers are written. Units,
 * separators and header are judged for each file alone, so that files of one source may differ in them.
 *
 * @param extra names of further columns wanted as numbers
 * @throws AppError data_unreadable where it cannot be known
 */
export function readQuotes(table: RawTable, config: QuotesConfig, zone: Zone, extra: readonly string[] = []): Quotes {
  const columns = findColumns(table, config);
  const notes: string[] = [];
  const times = parseTimes(table, columns.time, zone);
  if (columns.closeLabelled) toWholeCloses(times.ms, notes);
  const own = columnsOf(table, config.symbol);
  const extraColumns = extra.map((name) => findExtra(table, name, own));
  const taken = new Set(extraColumns.map((index) => table.names?.[index] || `#${index + 1}`));
  const priceColumns = prices.map((part) => columns[part]);
  const { unadjustedClose } = columns;
  const numbers = readNumbers(table, {
    prices: unadjustedClose === undefined ? priceColumns : [...priceColumns, unadjustedClose],
    others: columns.volume === undefined ? extraColumns : [columns.volume, ...extraColumns],
    time: columns.time,
    decimal: config.decimal,
  });
  const read = (column: number): Float64Array => numbers.values.get(column)!;
  const close = read(columns.close);
  const used = [...priceColumns, ...columns.time, ...(columns.volume === undefined ? [] : [columns.volume])];
  const symbol = requireOneInstrument(table, times.ms, close, { symbol: config.symbol, used, notes }) ?? columns.symbol;
  if (config.symbol !== null) requireSymbol(table.name, symbol, config.symbol);
  const factor = unadjustedClose === undefined ? undefined : adjustment(close, read(unadjustedClose));
  const [open, high, low] = [columns.open, columns.high, columns.low].map((column) =>
    factor && column !== columns.close ? read(column).map((price, row) => price * factor[row]) : read(column),
  );
  const further = extraColumns.map((column, k) => [extra[k], readExtra(table, column, extra[k], read(column), notes)]);
  const volume = columns.volume === undefined ? null : readVolume(read(columns.volume));
  const { volume: volumeName, ...foundPrices } = columns.found;
  const isStandIn = volume !== null && volume.values === null;
  if (isStandIn) notes.push(`${quote(volumeName)} is ${volume.standIn} throughout, which stands for no volume`);
  return {
    name: table.name,
    rows: table.rows,
    time: times.ms,
    open,
    high,
    low,
    close,
    volume: volume?.values ?? new Float64Array(table.rows),
    extra: Object.fromEntries(further) as Record<string, Float64Array>,
    pricesOf: (row) => prices.map((part) => `${part} ${columns.show(columns[part], row)}`).join(', '),
    timeOf: (row) => columns.time.map((column) => columns.show(column, row)).join(' '),
    hasVolume: volume !== null && !isStandIn,
    missingVolume: volume?.missing ?? 0,
    closeLabelled: columns.closeLabelled,
    found: isStandIn ? foundPrices : columns.found,
    unused: [...columns.unused, ...(isStandIn ? [volumeName] : [])].filter((name) => !taken.has(name)),
    numeric: numericColumns(table),
    symbol,
    timeFormat: times.format,
    ambiguous: times.ambiguous,
    repaired: times.repaired,
    notes: [...table.notes, ...columns.notes, ...times.notes, ...numbers.notes, ...notes],
  };
}

/** Neither file nor its name says that it is of the instrument wanted: nobody could tell a wrong file from the right one. */
function requireSymbol(file: string, symbol: string | null, wanted: string): void {
  if (symbol === null ? isNamedAfter(file, wanted) : isInstrument(symbol, wanted)) return;
  const message =
    symbol === null
      ? `${file} names no instrument, and data.symbol asks for ${quote(wanted)}`
      : `${file} is of ${quote(symbol)}, and data.symbol asks for ${quote(wanted)}`;
  throw new AppError('data_unreadable', `${message}. Leave data.symbol out to take the whole file.`, {
    issues: [{ path: 'data.symbol', message }],
  });
}

/** Moves closes written as the last millisecond or second of their bar (`…59.999`) to the end of it. */
function toWholeCloses(ms: Float64Array, notes: string[]): void {
  const by = [1, 1000].find((rest) => {
    const unit = rest === 1 ? 1000 : 60_000;
    return ms.every((at) => Number.isNaN(at) || (at + rest) % unit === 0);
  });
  if (by === undefined) return;
  for (let row = 0; row < ms.length; row++) ms[row] += by;
  notes.push(`times of closes moved by ${by} ms to the whole ${by === 1 ? 'second' : 'minute'}`);
}

/** What an unadjusted price is multiplied by, one a row. */
function adjustment(close: Float64Array, unadjusted: Float64Array): Float64Array {
  return close.map((price, row) => price / unadjusted[row]);
}
