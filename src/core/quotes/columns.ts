import type { DataConfig } from '#core/config/data.ts';
import { AppError } from '#core/error.ts';
import { cellKinds, cellText } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import {
  columnLabel,
  type ColumnMapping,
  type ColumnNames,
  listColumns,
  quote,
  readMapping,
  yamlText,
} from './column-mapping.ts';
import { isCounter, isNumeric } from './column-content.ts';
import { hasRole, isKnownName, plainName } from './column-names.ts';
import { type ColumnParts, findParts } from './column-parts.ts';
import { columnsOf, isInstrument, refuseInstruments } from './instrument.ts';

/** How a notebook says which column is what. */
export type ColumnConfig = Pick<DataConfig, 'columns' | 'symbol'>;

/** Where each part of a bar lies in a table: indices of columns. */
interface ColumnMap {
  /** One column, or a date and a time of day. */
  readonly time: readonly [number] | readonly [number, number];
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Undefined where the source has no volume. */
  readonly volume?: number;
  /** The column that `close` is the adjusted form of, where open, high and low are still to be adjusted by it. */
  readonly unadjustedClose?: number;
  /** What was found, for the report: part → name of the column in the file (`#3` where it has none). */
  readonly found: Readonly<Record<string, string>>;
  /** Names of the columns that nothing was taken from. */
  readonly unused: readonly string[];
  /** The instrument, where the header names one. */
  readonly symbol: string | null;
  /** The time is that of the close of the bar: the file has only a `close_time`. */
  readonly closeLabelled: boolean;
  readonly notes: readonly string[];
  /** A cell as the file has it, for messages. */
  show(column: number, row: number): string;
}

/** A guess at the columns of a table, as `data.columns` would say it, and the parts that could not be guessed. */
interface ColumnGuess {
  readonly parts: ColumnNames;
  readonly missing: readonly ('time' | 'close')[];
}

/** Whether a column of this name may be part of a bar. */
export function isKnownColumn(name: string): boolean {
  const plain = plainName(name);
  return isKnownName(plain) || plain.startsWith('volume');
}

/** Whether a column of this name may hold times, prices or volume, and not only say which row or instrument it is. */
export function isBarColumn(name: string): boolean {
  const plain = plainName(name);
  return isKnownColumn(name) && !hasRole(plain, 'instrument') && !hasRole(plain, 'counter');
}

/**
 * Recognises the columns of a table (CLEANING.md#columns): those that `data.columns` names, then by their names, or
 * where there are none by what their values can be.
 *
 * @throws AppError data_unreadable, listing the columns there are and how to name them; invalid_config where
 *   `data.columns` names one that is not there
 */
export function findColumns(table: RawTable, config: ColumnConfig): ColumnMap {
  refuseInstruments(table, config.symbol);
  const mapping = readMapping(table, config.columns);
  const parts = findParts(table, mapping, columnsOf(table, config.symbol), config.symbol);
  if (parts.instruments.length > 0) {
    const names = parts.instruments.map(quote).join(', ');
    const message = `${table.name} has prices of several instruments beside each other: ${names}`;
    throw new AppError(
      'data_unreadable',
      `${message}. Choose one with data.symbol: ${yamlText(parts.instruments[0])}.`,
      { issues: [{ path: 'data.symbol', message }] },
    );
  }
  const { time, close } = parts;
  if (parts.doubles.length > 0) throw refuseDoubles(table, parts);
  if (time === undefined || close === undefined) throw refuseMissing(table, parts, config.symbol);
  const prices = completePrices(table, mapping, parts, close);
  const { names } = table;
  const bar = { ...prices, close, ...(parts.volume === undefined ? {} : { volume: parts.volume }) };
  const used = new Set([...time, ...Object.values(bar), ...parts.beside]);
  const labels = (columns: readonly number[]): string => columns.map((index) => columnLabel(table, index)).join(' + ');
  return {
    time,
    ...bar,
    ...(parts.unadjustedClose === undefined ? {} : { unadjustedClose: parts.unadjustedClose }),
    found: {
      time: labels(time),
      ...Object.fromEntries(Object.entries(bar).map(([part, index]) => [part, labels([index])])),
    },
    unused: table.columns.flatMap((column, index) => {
      if (used.has(index) || (!names?.[index] && column.kind.every((kind) => kind === cellKinds.blank))) return [];
      return [names?.[index] ? names[index] : `#${index + 1}`];
    }),
    symbol: parts.symbol,
    closeLabelled: parts.closeLabelled,
    notes: [
      ...parts.notes,
      ...(prices.open === close
        ? [`no open, high and low columns: all four prices are ${quote(labels([close]))}`]
        : []),
    ],
    show(column, row) {
      const text = cellText(table.columns[column], row);
      if (text === '') return 'nothing';
      return table.columns[column].kind[row] === cellKinds.text ? JSON.stringify(text.slice(0, 40)) : text;
    },
  };
}

/**
 * What `findColumns` would take, as far as it goes, for a form that a person completes.
 * @throws AppError invalid_config where `data.columns` names a column that is not there
 */
export function guessColumns(table: RawTable, config: ColumnConfig): ColumnGuess {
  const parts = findParts(table, readMapping(table, config.columns), columnsOf(table, config.symbol), config.symbol);
  return guessOf(table, parts);
}

function guessOf(table: RawTable, parts: ColumnParts): ColumnGuess {
  const { time, open, high, low, close, volume } = parts;
  const label = (index: number): string => columnLabel(table, index);
  const named = Object.entries({ open, high, low, close, volume }).flatMap(([part, index]) =>
    index === undefined ? [] : [[part, label(index)]],
  );
  const times = time?.length === 2 ? [label(time[0]), label(time[1])] : time && label(time[0]);
  return {
    parts: { ...(times === undefined ? {} : { time: times }), ...Object.fromEntries(named) },
    missing: [...(time === undefined ? (['time'] as const) : []), ...(close === undefined ? (['close'] as const) : [])],
  };
}

/** Open, high and low, or the close for all three where the file has not all of them. */
function completePrices(
  table: RawTable,
  mapping: ColumnMapping,
  { open, high, low }: ColumnParts,
  close: number,
): Record<'open' | 'high' | 'low', number> {
  if (open !== undefined && high !== undefined && low !== undefined) return { open, high, low };
  const asked = (['open', 'high', 'low'] as const).filter((role) => mapping[role] !== undefined);
  if (asked.length === 0) return { open: close, high: close, low: close };
  const lacking = Object.entries({ open, high, low }).flatMap(([role, index]) => (index === undefined ? [role] : []));
  throw new AppError(
    'data_unreadable',
    `data.columns names ${asked.join(' and ')}, and ${table.name} has no column known as ${lacking.join(' and ')}: ` +
      `expected all of open, high, low and close, or close alone. The columns are ${listColumns(table)}.`,
    { issues: lacking.map((role) => ({ path: `data.columns.${role}`, message: `no column for ${role}` })) },
  );
}

function refuseMissing(table: RawTable, parts: ColumnParts, symbol: string | null): AppError {
  const { parts: guess, missing } = guessOf(table, parts);
  const seen = Object.entries(guess).map(([part, name]) => `${part} ${[name].flat().map(quote).join(' + ')}`);
  const there = table.names
    ? `the columns are ${listColumns(table)}`
    : `there is no header, and ${table.columns.length} columns, #1 to #${table.columns.length}`;
  const lines = Object.entries({ ...guess, ...Object.fromEntries(missing.map((part) => [part, undefined])) });
  const yaml = lines.map(([part, name]) => `${part}: ${name === undefined ? '…' : yamlValue(name)}`).join(', ');
  const counter = parts.time === undefined ? findCounter(table, Object.values(guess).flat()) : undefined;
  if (counter !== undefined && missing.length === 1) return refuseCounter(table, counter);
  const why = parts.doubt === undefined ? wideWords(table, parts, symbol) : ` ${parts.doubt}.`;
  return new AppError(
    'data_unreadable',
    `Found no column for ${missing.join(' and ')} in ${table.name}: ${there}; ` +
      `recognised: ${seen.length > 0 ? seen.join(', ') : 'none'}.${why} Say which is what with data.columns: {${yaml}}.`,
    { issues: missing.map((part) => ({ path: `data.columns.${part}`, message: `no column for ${part}` })) },
  );
}

/** A column that counts rows and is nothing else to a bar. */
function findCounter(table: RawTable, taken: readonly string[]): number | undefined {
  const columns = [...table.columns.keys()].filter((index) => !taken.includes(columnLabel(table, index)));
  // Where another column is left, that may be the time.
  return columns.length === 1 && isCounter(table.columns[columns[0]]) ? columns[0] : undefined;
}

function refuseCounter(table: RawTable, column: number): AppError {
  const label = quote(columnLabel(table, column));
  const message = `no column of ${table.name} holds times: ${label} counts bars, and the others are prices and volume`;
  return new AppError('data_unreadable', `Found no times: ${message}. Add a column with the time of each bar.`, {
    issues: [{ path: 'data.columns.time', message }],
  });
}

/** A hint where all columns but the time are numbers under unknown names: a close of each of several instruments. */
function wideWords(table: RawTable, { time, close }: ColumnParts, symbol: string | null): string {
  if (time === undefined || close !== undefined) return '';
  const others = [...table.columns.keys()].filter((index) => !time.some((at) => at === index));
  const names = others.map((index) => table.names?.[index] ?? '');
  const isWide = others.every(
    (index, k) => names[k] !== '' && !isKnownColumn(names[k]) && isNumeric(table.columns[index]),
  );
  if (others.length < 2 || !isWide) return '';
  const wanted = names.find((name) => symbol !== null && isInstrument(name, symbol)) ?? names[0];
  return ` If each column is the close of one instrument, data.columns: {close: ${yamlText(wanted)}} without data.symbol takes one.`;
}

function refuseDoubles(table: RawTable, { doubles }: ColumnParts): AppError {
  const { role, columns } = doubles.find((double) => double.role === 'close') ?? doubles[0];
  const places = columns.map((index) => `#${index + 1} ${quote(table.names?.[index] ?? '')}`).join(', ');
  const message = `${table.name} has ${columns.length} columns that may be the ${role}, with other values: ${places}`;
  const yaml = doubles.map((double) => `${double.role}: ${yamlText(`#${double.columns[0] + 1}`)}`).join(', ');
  return new AppError('data_unreadable', `${message}. Choose with data.columns: {${yaml}}.`, {
    issues: doubles.map((double) => ({ path: `data.columns.${double.role}`, message })),
  });
}

function yamlValue(name: string | readonly string[]): string {
  return typeof name === 'string' ? yamlText(name) : `[${name.map(yamlText).join(', ')}]`;
}
