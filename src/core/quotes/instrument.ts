import { AppError } from '#core/error.ts';
import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { type RawTable, takeRows } from '#core/table/table.ts';
import { columnLabel, quote, yamlText } from './column-mapping.ts';
import { hasRole, plainName } from './column-names.ts';
import type { HeaderCell } from './header.ts';

/** Names listed in a message. */
const listed = 10;
/** Names that stand for an instrument in some files and for something else in others: only their values decide. */
const doubtful = new Set(['code', 'market', 'asset', 'assetid', 'stock', 'security', 'underlying', 'pair', 'coin']);
/** More different texts than this, and a column is none of instruments. */
const mostInstruments = 20_000;

/** Names of the instruments that header rows give to columns. */
function headerInstruments({ instruments }: RawTable): string[] {
  return [...new Set((instruments ?? []).filter((name): name is string => name !== null))];
}

/**
 * The columns that bars may be taken from: all, or where header rows name several instruments those of `symbol` and
 * those of none.
 */
export function columnsOf(table: RawTable, symbol: string | null): readonly number[] {
  const names = headerInstruments(table);
  const all = [...table.columns.keys()];
  if (names.length < 2) return all;
  const chosen = symbol === null ? names[0] : findName(names, symbol);
  return all.filter((index) => table.instruments![index] === null || table.instruments![index] === chosen);
}

/** @throws AppError data_unreadable where header rows name several instruments and `symbol` is none of them */
export function refuseInstruments(table: RawTable, symbol: string | null): void {
  const names = headerInstruments(table);
  if (names.length < 2 || (symbol !== null && findName(names, symbol) !== undefined)) return;
  throw refuse(`${table.name} has columns of ${names.length} instruments in its header: ${list(names)}`, names, symbol);
}

/** The instruments that header rows or a column named as instruments are name; fewer than two where there is one. */
export function listInstruments(table: RawTable): readonly string[] {
  const inHeader = headerInstruments(table);
  if (inHeader.length > 1) return inHeader;
  const column = instrumentColumns(table).find(({ isNamed: named, values }) => named && values.size > 1);
  return [...(column?.values.keys() ?? [])];
}

/**
 * Columns that are named as instruments are, the instrument that the header names, and what the first row names, which
 * later rows may contradict.
 */
export function findInstrumentNames(
  table: RawTable,
  header: readonly HeaderCell[],
  symbol: string | null,
): { readonly columns: readonly number[]; readonly inHeader: string | null; readonly inRow: string | null } {
  const columns = header.filter(({ index, plain }) => isNamed(table, index, plain)).map(({ index }) => index);
  const names = headerInstruments(table);
  const inHeader = names.length > 1 && symbol !== null ? findName(names, symbol) : names[0];
  const first = columns.map((index) => firstText(table.columns[index])).find((text) => text !== undefined);
  return { columns, inHeader: inHeader ?? null, inRow: first ?? null };
}

/** Rows of one instrument, and how many rows were of others. */
interface ChosenRows {
  readonly tables: readonly RawTable[];
  readonly others: number;
}

/**
 * Keeps the rows of the instrument that data.symbol names, where columns of the files say of which instrument a row is.
 * Files without such a column stay whole; those with none of its rows are left out.
 * @throws AppError data_unreadable where files name instruments and none is it
 */
export function chooseInstrument(tables: readonly RawTable[], symbol: string | null): ChosenRows {
  if (symbol === null) return { tables, others: 0 };
  let others = 0;
  const seen = new Set<string>();
  const kept = tables.flatMap((table) => {
    const candidates = instrumentColumns(table);
    const column = candidates.find(({ values }) => findName([...values], symbol) !== undefined);
    if (!column) {
      const named = candidates.find(({ isNamed: named }) => named);
      if (!named || headerInstruments(table).length > 1) return [table];
      for (const value of named.values) seen.add(value);
      others += table.rows;
      return [];
    }
    const value = findName([...column.values], symbol);
    const cells = table.columns[column.index];
    const rows = Int32Array.from(
      [...cells.kind.keys()].filter((row) => cells.kind[row] !== cellKinds.blank && cellText(cells, row) === value),
    );
    others += table.rows - rows.length;
    return [rows.length === table.rows ? table : takeRows(table, rows)];
  });
  if (kept.length === 0) {
    throw refuse(`the instruments there are: ${list([...seen])}`, [...seen], symbol);
  }
  return { tables: kept, others };
}

/**
 * Makes sure that a table is of one instrument, and names it.
 *
 * Several are found by a column named as instruments are that has several values, or by any column of texts whose
 * different values stand at the same time with different closes.
 *
 * @param time milliseconds; NaN where a row has no readable time
 * @throws AppError data_unreadable naming the column and its values
 */
export function requireOneInstrument(
  table: RawTable,
  time: Float64Array,
  close: Float64Array,
  symbol: string | null,
): string | null {
  const clashing = hasRepeats(time);
  let found: string | null = null;
  // Columns that are not named so matter only where times repeat, and where data.symbol may be a value of theirs.
  for (const column of instrumentColumns(table, { time, onlyNamed: !clashing && symbol === null })) {
    const names = [...column.values];
    if (names.length < 2) {
      if (column.isNamed || (symbol !== null && findName(names, symbol))) found ??= names[0] ?? null;
      continue;
    }
    const isSeveral =
      (column.isNamed && (!column.isDoubtful || isInStretches(table.columns[column.index], names.length))) ||
      (clashing && clashes(table.columns[column.index], time, close));
    if (!isSeveral) continue;
    const label = columnLabel(table, column.index);
    throw refuse(
      `${table.name} holds several instruments: its column ${quote(label)} has ${names.length} values, ${list(names)}`,
      names,
      symbol !== null && names.includes(symbol) ? null : symbol,
    );
  }
  return found;
}

interface InstrumentColumn {
  readonly index: number;
  readonly isNamed: boolean;
  readonly isDoubtful: boolean;
  readonly values: ReadonlySet<string>;
}

interface Scope {
  /** Rows without a time do not count. */
  readonly time?: Float64Array;
  readonly onlyNamed?: boolean;
}

/** Columns whose values may be instruments, those first that are named so. */
function instrumentColumns(table: RawTable, { time, onlyNamed = false }: Scope = {}): InstrumentColumn[] {
  const sure = ({ isNamed: named, isDoubtful }: InstrumentColumn): number => (named ? (isDoubtful ? 1 : 2) : 0);
  return table.columns
    .flatMap((column, index) => {
      const plain = plainName(table.names?.[index] ?? '');
      const named = isNamed(table, index, plain);
      if (!named && (onlyNamed || column.texts === null || looksLikeNumbers(column))) return [];
      const values = valuesOf(column, table.names?.[index] ?? '', time);
      if (values === undefined) return [];
      return [{ index, isNamed: named, isDoubtful: doubtful.has(plain), values }];
    })
    .sort((a, b) => sure(b) - sure(a));
}

/** Undefined where the values are too many to be instruments. */
function valuesOf(column: RawColumn, name: string, time?: Float64Array): Set<string> | undefined {
  const values = new Set<string>();
  const { kind } = column;
  let previous: string | undefined;
  for (let row = 0; row < kind.length; row++) {
    if (kind[row] === cellKinds.blank || kind[row] === cellKinds.instant) continue;
    if (time !== undefined && Number.isNaN(time[row])) continue;
    const text = cellText(column, row);
    // A header line repeated between the rows names no instrument.
    if (text === previous || text === name) continue;
    previous = text;
    values.add(text);
    if (values.size > mostInstruments) return undefined;
  }
  return values;
}

/** Whether a column is named as instruments are, and holds what may be names or numbers of instruments. */
function isNamed({ columns }: RawTable, index: number, plain: string): boolean {
  if (!hasRole(plain, 'instrument')) return false;
  const { kind, numbers, texts } = columns[index];
  if (texts !== null) return true;
  return !doubtful.has(plain) && kind.every((one, row) => one === cellKinds.blank || Number.isInteger(numbers[row]));
}

function looksLikeNumbers({ kind }: RawColumn): boolean {
  const most = Math.min(kind.length, 100);
  let numbers = 0;
  for (let row = 0; row < most; row++) {
    if (kind[row] === cellKinds.number || kind[row] === cellKinds.thousandth) numbers++;
  }
  return numbers * 2 > most;
}

function firstText(column: RawColumn): string | undefined {
  const row = column.kind.findIndex((kind) => kind !== cellKinds.blank);
  return row < 0 ? undefined : cellText(column, row);
}

function hasRepeats(time: Float64Array): boolean {
  let [ascends, descends] = [true, true];
  for (let row = 1; row < time.length && (ascends || descends); row++) {
    ascends &&= time[row] > time[row - 1];
    descends &&= time[row] < time[row - 1];
  }
  if (ascends || descends) return false;
  const read = time.filter((ms) => !Number.isNaN(ms)).sort();
  return read.some((ms, k) => k > 0 && ms === read[k - 1]);
}

/** Whether every value fills one stretch of rows. */
function isInStretches(column: RawColumn, values: number): boolean {
  let stretches = 0;
  let previous: string | undefined;
  for (let row = 0; row < column.kind.length; row++) {
    if (column.kind[row] === cellKinds.blank) continue;
    const text = cellText(column, row);
    if (text !== previous) stretches++;
    previous = text;
  }
  return stretches === values;
}

/** Whether different values stand at the same time with different closes, in a hundredth of the rows or more. */
function clashes(column: RawColumn, time: Float64Array, close: Float64Array): boolean {
  const first = new Map<number, number>();
  let count = 0;
  for (let row = 0; row < time.length; row++) {
    if (Number.isNaN(time[row]) || column.kind[row] === cellKinds.blank) continue;
    const other = first.get(time[row]);
    if (other === undefined) first.set(time[row], row);
    else if (close[other] !== close[row] && cellText(column, other) !== cellText(column, row)) count++;
  }
  return count > 0 && count >= time.length / 100;
}

/** Whether `name` is the instrument that data.symbol names. */
export function isInstrument(name: string, symbol: string): boolean {
  return findName([name], symbol) !== undefined || plainName(name) === plainName(symbol);
}

function findName(names: readonly string[], wanted: string): string | undefined {
  // Readers take `000001` for the number it is.
  const loose = (text: string): string =>
    text
      .trim()
      .toLowerCase()
      .replace(/^0+(?=\d+$)/, '');
  return names.find((name) => name === wanted) ?? names.find((name) => loose(name) === loose(wanted));
}

function list(names: readonly string[]): string {
  const rest = names.length - listed;
  return (
    names
      .slice(0, listed)
      .map((name) => quote(name))
      .join(', ') + (rest > 0 ? ` and ${rest} more` : '')
  );
}

function refuse(what: string, names: readonly string[], symbol: string | null): AppError {
  const wrong = symbol === null ? '' : `No rows and columns are of data.symbol ${quote(symbol)}: `;
  const message = wrong + what;
  const choose = `Choose one with data.symbol: ${yamlText(names[0])}, or give each instrument a file of its own.`;
  return new AppError('data_unreadable', `${message}. ${choose}`, { issues: [{ path: 'data.symbol', message }] });
}
