import { AppError } from '#core/error.ts';
import { cellKinds, cellText, type RawColumn } from '#core/table/column.ts';
import { type RawTable, takeRows } from '#core/table/table.ts';
import { columnLabel, quote, yamlText } from './column-mapping.ts';
import { countClashes, hasRepeats, partsIntoSeries } from './clash.ts';
import { plainName } from './column-names.ts';
import type { HeaderCell } from './header.ts';
import { instrumentColumns, isNamed, sureness } from './instrument-column.ts';
import { requireOneTimeframe } from './timeframe-column.ts';

/** Names listed in a message. */
const listed = 10;

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
  const column = instrumentColumns(table, { onlyNamed: true }).find(({ values }) => values.size > 1);
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
      const named = candidates.find(({ sure }) => sure >= sureness.doubtful);
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

interface InstrumentChoice {
  /** data.symbol. */
  readonly symbol: string | null;
  /** Columns that hold parts of the bars. */
  readonly used: readonly number[];
  /** Takes what is to be said where a code changes beside a constant symbol. */
  readonly notes: string[];
}

/**
 * Makes sure that a table is of one instrument, and names it.
 *
 * Several are found by a column named as instruments are that has several values, or by any column of texts or of few
 * whole numbers whose different values stand at the same time with different closes.
 *
 * @param time milliseconds; NaN where a row has no readable time
 * @throws AppError data_unreadable naming the column and its values
 */
export function requireOneInstrument(
  table: RawTable,
  time: Float64Array,
  close: Float64Array,
  { symbol, used, notes }: InstrumentChoice,
): string | null {
  const clashing = hasRepeats(time);
  if (clashing) requireOneTimeframe(table, time, close);
  // Columns that are not named so matter only where times repeat, and where data.symbol may be a value of theirs.
  const columns = instrumentColumns(table, { time, onlyNamed: !clashing && symbol === null, used });
  const single = columns.filter(({ values }) => values.size === 1);
  const wanted = single.find(({ values }) => symbol !== null && findName([...values], symbol) !== undefined);
  const decides = wanted ?? single.find(({ sure }) => sure === sureness.name);
  for (const { index, sure, values } of columns) {
    if (values.size < 2) continue;
    const column = table.columns[index];
    const names = [...values];
    // Beside a constant symbol the number of a contract may change: that is one series.
    const isOverruled = decides !== undefined && (decides === wanted ? decides.sure >= sure : decides.sure > sure);
    const isSeveral =
      (!isOverruled &&
        sure >= sureness.doubtful &&
        (sure > sureness.doubtful || isInStretches(column, names.length))) ||
      (clashing &&
        countClashes(column, time, close) >= Math.max(1, time.length / 100) &&
        (sure !== sureness.numbers || partsIntoSeries(column, time)));
    if (!isSeveral) {
      if (isOverruled && sure === sureness.code) {
        notes.push(
          `${quote(columnLabel(table, index))} changes (${list(names)}) and ${quote(columnLabel(table, decides.index))} does not: one series, as of a future that is rolled`,
        );
      }
      continue;
    }
    throw refuse(
      `${table.name} holds several instruments: its column ${quote(columnLabel(table, index))} has ${names.length} values, ${list(names)}`,
      names,
      symbol !== null && names.includes(symbol) ? null : symbol,
    );
  }
  const named = wanted ?? single.find(({ sure }) => sure >= sureness.doubtful);
  return named ? [...named.values][0] : null;
}

function firstText(column: RawColumn): string | undefined {
  const row = column.kind.findIndex((kind) => kind !== cellKinds.blank);
  return row < 0 ? undefined : cellText(column, row);
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
