import { isBarColumn, isKnownColumn } from '#core/quotes/columns.ts';
import { parseTimeText } from '#core/time/time-text.ts';
import { splitTupleNames } from '#core/table/tuple-name.ts';

/** Cells of one record of a file, trimmed. */
export type Cells = readonly string[];

/** What the lines above the rows say. */
interface Header {
  readonly names: Cells;
  readonly instruments: readonly (string | null)[] | null;
  readonly notes: readonly string[];
}

const number = /^[-+(]?\s?[$€£¥₿]?\s?[-+]?\d[\d.,'’_\s\u00a0\u202f]*(?:e[-+]?\d+)?\s?[%KMBT]?\)?$/i;
const instrumentMark = /^(?:tickers?|symbols?|instruments?)$/i;
const levelMark = /^(?:price|prices|fields?|attributes?|)$/i;
const units = /^(?:\(.*\)|\[.*\]|usdt?|eur|gbp|jpy|chf|cny|btc|eth|utc|%|shares|lots|contracts|units?|price|number)$/i;

const isTime = (cell: string): boolean => parseTimeText(cell, 'month-first') !== undefined;
const isNumber = (cell: string): boolean => number.test(cell);

/**
 * Whether a record is a row of values rather than one of the header. One with a time is; so is one with numbers, unless
 * it names columns, or the column of times in the record below, or begins with what marks a line of instruments (which may be numbers: 600519).
 */
export function isRow(cells: Cells, below: Cells | undefined): boolean {
  const filled = cells.filter(Boolean);
  if (filled.some(isTime)) return true;
  const numbers = filled.filter(isNumber).length;
  if (numbers === 0 || instrumentMark.test(cells[0])) return false;
  // A name above a time names, whatever stands beside it: `date,0,1,2`.
  if (below?.some((cell, column) => isTime(cell) && isKnownColumn(cells[column] ?? ''))) return false;
  if (cells[0] === '' && below !== undefined && below[0] !== '') return false;
  const known = filled.filter(isKnownColumn).length;
  return !(known >= 2 && known > numbers);
}

/**
 * Reads the header: one line, or the two or three that pandas writes of columns with two levels: a line of fields
 * (`Price, Close, High`), one of instruments (`Ticker, ACME, ACME`) and one with the name of the index alone (`Date`).
 */
export function readHeader(lines: readonly Cells[]): Header {
  const index = lines.find((cells, line) => line > 0 && isIndexName(cells));
  const levels = lines.filter((cells) => cells !== index);
  const field = levels.reduce((best, cells) => (knownNames(cells) > knownNames(best) ? cells : best), levels[0]);
  const other = levels.find((cells) => cells !== field);
  const ofLevels = levelMark.test(field[0]) && (other !== undefined || index !== undefined);
  const first = index?.[0] ?? (ofLevels ? '' : field[0]);
  const { names, instruments } = splitTupleNames([first, ...field.slice(1)]);
  if (other === undefined) return { names, instruments, notes: [] };
  const found = instrumentsOf(other, field);
  const notes = found
    ? [`${lines.length} header lines joined: ${quoteSome(found)} named as instrument`]
    : [`of ${lines.length} header lines the one with ${quoteSome(field)} is used`];
  return { names, instruments: found ?? instruments, notes };
}

/** Only the first cell is filled. */
function isIndexName(cells: Cells): boolean {
  return cells[0] !== '' && cells.length > 1 && cells.slice(1).every((cell) => cell === '');
}

function knownNames(cells: Cells): number {
  return new Set(cells.filter(isKnownColumn).map((cell) => cell.toLowerCase())).size;
}

/** The instrument of each column, where the line names some: one for all, or names that tell equal fields apart. */
function instrumentsOf(line: Cells, field: Cells): (string | null)[] | undefined {
  const instruments: (string | null)[] = [null];
  for (let column = 1; column < field.length; column++) {
    // Spreadsheets merge the cells of one instrument: those behind the first are empty.
    instruments.push(line[column] ? line[column] : instruments[column - 1]);
  }
  const distinct = new Set(instruments.filter((instrument) => instrument !== null));
  if (distinct.size === 0 || [...distinct].every((instrument) => units.test(instrument))) return undefined;
  const pairs = new Set(field.slice(1).map((name, k) => JSON.stringify([name, instruments[k + 1]])));
  const marked = instrumentMark.test(line[0]);
  const tellApart = new Set(field.slice(1)).size < field.length - 1 && pairs.size === field.length - 1;
  return marked || distinct.size === 1 || tellApart ? instruments : undefined;
}

function quoteSome(cells: readonly (string | null)[]): string {
  const distinct = [...new Set(cells.filter((cell) => cell !== null && cell !== ''))];
  const shown = distinct.slice(0, 4).map((cell) => JSON.stringify(cell?.slice(0, 40)));
  return `${shown.join(', ')}${distinct.length > shown.length ? ', …' : ''}`;
}

/** How a header fits rows that have more cells than it has names: by names put in, all of them empty. */
interface Fit {
  /** Where the missing names belong, and how many. */
  readonly at: number;
  readonly missing: number;
  /** Column of a time of day that belongs to the date before it and has no name of its own. */
  readonly clock: number | undefined;
  readonly notes: readonly string[];
}

/**
 * Fits `names` names to rows that are wider: a time of day behind its date, an index without a name in front (pandas,
 * R), or a separator at the end of each row.
 */
export function fitNames(names: number, rows: readonly Cells[], width: number): Fit {
  const missing = width - names;
  if (missing <= 0 || rows.length === 0) return { at: names, missing: 0, clock: undefined, notes: [] };
  const every = (column: number, test: (cell: string) => boolean) => rows.every((cells) => test(cells[column] ?? ''));
  const says = `rows have ${width} cells, the header ${names} names`;
  const open = every(width - 1, isBlank);
  const date = [0, 1, 2].find((column) => every(column, isDate) && every(column + 1, isClock));
  if (date !== undefined && missing === 1 && !open) {
    const [day, clock] = rows[0].slice(date, date + 2).map((cell) => JSON.stringify(cell));
    const note = `${says}: ${clock} read as the time of day of ${day}`;
    return { at: date + 1, missing, clock: date + 1, notes: [note] };
  }
  if (!open && every(0, (cell) => isTime(cell) || /^\d+$/.test(cell))) {
    return { at: 0, missing, clock: undefined, notes: [`${says}: the first column has none`] };
  }
  return { at: names, missing, clock: undefined, notes: open ? [] : [`${says}: the last column has none`] };
}

/**
 * Whether numbers with a decimal comma stand unquoted between commas (`2021-01-04,50,01,50,24`): most rows have nearly
 * twice as many cells as there are names, and all but the time are digits.
 */
export function areSplitAtCommas(names: Cells, rows: readonly Cells[]): boolean {
  const prices = names.filter(isBarColumn).length - 1;
  const wide = rows.filter(
    (cells) =>
      cells.length >= names.length + Math.max(2, prices - 1) &&
      cells.length < names.length * 2 &&
      cells.slice(1).every((cell) => /^-?\d*$/.test(cell)),
  );
  return prices >= 2 && wide.length * 2 > rows.length;
}

const isBlank = (cell: string): boolean => cell === '';
const isDate = (cell: string): boolean => parseTimeText(cell, 'month-first')?.dateOnly === true;
const isClock = (cell: string): boolean => /^\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s?[AP]M)?$/i.test(cell);
