import { AppError } from '#core/error.ts';
import { cellKinds, cellText } from './column.ts';
import { type DecimalEvidence, decimalEvidence, smootherSign } from './decimal-evidence.ts';
import { type DecimalSign, groupOf, infinityOf, isMissingText, numberOf, parseNumberCell } from './number-cell.ts';
import type { RawTable } from './table.ts';

/** Which columns are wanted as numbers, and what is known of them. */
interface NumberRequest {
  /** Columns of prices: they share one decimal sign. */
  readonly prices: readonly number[];
  /** Further columns, each decided apart. */
  readonly others: readonly number[];
  /** Columns of times, which say nothing of decimal signs. */
  readonly time: readonly number[];
  /** What data.decimal says where the numbers do not. */
  readonly decimal: 'auto' | 'point' | 'comma';
}

interface Numbers {
  /** Column → one value a row; NaN where the cell is blank or no number. Plain columns are the table's own arrays. */
  readonly values: ReadonlyMap<number, Float64Array>;
  readonly notes: readonly string[];
}

/** Rows of the columns that nothing is taken from that are asked for evidence. */
const rowsAsked = 1000;
/** Of the numbers that can be read in one way only, so many may contradict the others; they count as missing. */
const stray = 0.1;
/** Below so many cells a share says little. */
const fewCells = 20;

/**
 * Reads columns as numbers (CLEANING.md#numbers). The decimal sign of a column is decided from all its cells, then from
 * those of the other prices, of the other columns, and from what keeps prices together.
 *
 * @throws AppError data_unreadable, with the text itself, where the sign cannot be known
 */
export function readNumbers(table: RawTable, request: NumberRequest): Numbers {
  const columns = [...new Set([...request.prices, ...request.others])];
  const decide = decider(table, request);
  const values = new Map<number, Float64Array>();
  const found = new Map<string, Set<string>>();
  let [unreadable, first] = [0, ''];
  for (const column of columns) {
    const read = readColumn(table, column, decide(column));
    values.set(column, read.values);
    const label = request.prices.includes(column) ? 'prices' : nameOf(table, column);
    const marks = found.get(label) ?? new Set();
    read.marks.forEach((mark) => marks.add(mark));
    found.set(label, marks);
    if (request.decimal === 'auto' && request.prices.includes(column)) requireNumbers(table, column, read);
    if (unreadable === 0 && read.unreadable > 0) {
      first = `${shown(table, column, read.firstRow)} of ${nameOf(table, column)}`;
    }
    unreadable += read.unreadable;
  }
  const notes = [...found]
    .filter(([, marks]) => marks.size > 0)
    .map(([label, marks]) => `${label}: ${[...marks].join(', ')}`);
  if (unreadable > 0) {
    notes.push(`cells that are no numbers count as missing: ${unreadable}, the first ${first}`);
  }
  return { values, notes };
}

/**
 * Columns as numbers for a look at what they are, one array a column: where their decimal sign cannot be known it is
 * taken for a point, and what is contradictory for no number.
 */
export function glanceAtNumbers(table: RawTable, columns: readonly number[]): readonly Float64Array[] {
  try {
    const { values } = readNumbers(table, { prices: columns, others: [], time: [], decimal: 'point' });
    return columns.map((column) => values.get(column)!);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return columns.map(() => new Float64Array(table.rows).fill(NaN));
  }
}

function nameOf(table: RawTable, column: number): string {
  return table.names?.[column] || `column ${column + 1}`;
}

/** A column of prices most of which cannot be read is the wrong column, or written in a way that nobody should guess. */
function requireNumbers(table: RawTable, column: number, { values, unreadable, firstRow }: ReadColumn): void {
  if (unreadable === 0) return;
  const readable = values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  const filled = readable + unreadable;
  if (filled < fewCells || unreadable <= stray * filled) return;
  const cells = `${unreadable} of ${filled} cells that are no numbers`;
  throw refused(
    table,
    column,
    `${cells}, the first ${shown(table, column, firstRow)}`,
    'Expected prices such as 1099.74, 1,099.74 or 1.099,74. Mend the cells, or name the right column in data.columns.',
    'data.columns',
  );
}

/** Decides the decimal sign of one column after the other; what was found of a column is kept for its neighbours. */
function decider(table: RawTable, { prices, others, time, decimal }: NumberRequest): (column: number) => DecimalSign {
  const seen = new Map<number, DecimalEvidence>();
  const evidence = (column: number): DecimalEvidence => {
    let own = seen.get(column);
    if (!own) seen.set(column, (own = decimalEvidence(table, column)));
    return own;
  };
  const declared = decimal === 'auto' ? undefined : decimal === 'point' ? '.' : ',';
  const neighbours = (column: number): DecimalSign | undefined =>
    majority(prices.filter((other) => other !== column).map(evidence)) ??
    majority(others.filter((other) => other !== column).map(evidence));
  const strangers = (): DecimalSign | undefined => {
    const known = new Set([...prices, ...others, ...time]);
    const rest = table.columns.map((_, column) => column).filter((column) => !known.has(column));
    return majority(rest.map((column) => decimalEvidence(table, column, Math.min(rowsAsked, table.rows))));
  };
  return (column) => {
    const { kind, texts } = table.columns[column];
    if (texts === null && !kind.includes(cellKinds.thousandth)) return '.';
    const own = evidence(column);
    if (own.point + own.comma > 0) return certain(table, column, own, declared);
    if (own.eitherPoint + own.eitherComma === 0) return '.';
    const sign = declared ?? neighbours(column) ?? strangers();
    if (sign) return sign;
    const smooth = prices.includes(column) ? smootherSign(table, prices) : undefined;
    if (smooth) return smooth;
    if (own.eitherComma === 0) return '.';
    // Whole numbers beside `1,234` are written in the same way: those from 1000 on would have a comma of thousands too.
    if (own.large > 0 && own.small === 0) return ',';
    if (own.small > 0 && own.large === 0 && own.eitherComma > 2) return '.';
    throw undecided(table, column, own);
  };
}

/** The sign of the columns that have one in certain cells; undefined where none has, or they disagree. */
function majority(columns: readonly DecimalEvidence[]): DecimalSign | undefined {
  const point = columns.reduce((sum, own) => sum + own.point, 0);
  const comma = columns.reduce((sum, own) => sum + own.comma, 0);
  if (point > 0 && comma <= point * stray) return '.';
  return comma > 0 && point <= comma * stray ? ',' : undefined;
}

function certain(
  table: RawTable,
  column: number,
  own: DecimalEvidence,
  declared: DecimalSign | undefined,
): DecimalSign {
  const sign = majority([own]) ?? declared;
  if (sign) return sign;
  const [point, comma] = [own.firstRow.point, own.firstRow.comma].map((row) => shown(table, column, row));
  const message = `numbers with decimal points (${point}) and with decimal commas (${comma}) in one column`;
  throw refused(
    table,
    column,
    message,
    'Write them in one way, or say in data.decimal which counts; the others are then left out.',
  );
}

function undecided(table: RawTable, column: number, own: DecimalEvidence): AppError {
  const text = cellText(table.columns[column], own.firstRow.eitherComma);
  const core = parseNumberCell(text)?.core ?? '';
  const message = `the text ${JSON.stringify(text)}, which is ${numberOf(core, '.')} or ${numberOf(core, ',')}`;
  return refused(
    table,
    column,
    message,
    'Nothing else in the file decides. Set data.decimal to point where the comma stands between thousands, to comma ' +
      'where it is the decimal sign.',
  );
}

function shown(table: RawTable, column: number, row: number): string {
  return `${JSON.stringify(cellText(table.columns[column], row).slice(0, 40))} in row ${row + 1}`;
}

function refused(table: RawTable, column: number, message: string, next: string, path = 'data.decimal'): AppError {
  const where = `column ${JSON.stringify(nameOf(table, column).slice(0, 60))} has ${message}`;
  return new AppError('data_unreadable', `The ${where}. ${next}`, {
    issues: [{ path, message: where }],
  });
}

interface ReadColumn {
  readonly values: Float64Array;
  /** How the numbers are written, in words, where not plain. */
  readonly marks: ReadonlySet<string>;
  /** Cells that are no numbers and do not say that there is none, and the row of the first; −1 where all are numbers. */
  readonly unreadable: number;
  readonly firstRow: number;
}

const markWords = {
  currency: 'currencies left out',
  unit: 'K, M, B and T are thousands to trillions',
  percent: 'per cent are hundredths',
  brackets: 'brackets are below zero',
  underscore: 'underscores between digits',
  counted: 'words for what is counted left out',
} as const;
const groupWords: Readonly<Record<string, string>> = {
  '.': 'points between thousands',
  ',': 'commas between thousands',
  ' ': 'blanks between thousands',
  "'": 'apostrophes between thousands',
};

function readColumn(table: RawTable, column: number, decimal: DecimalSign): ReadColumn {
  const { kind, numbers, texts } = table.columns[column];
  const marks = new Set<string>();
  if (texts === null && (decimal === '.' || !kind.includes(cellKinds.thousandth))) {
    return { values: numbers, marks, unreadable: 0, firstRow: -1 };
  }
  const values = Float64Array.from(numbers);
  let [unreadable, firstRow] = [0, -1];
  const miss = (row: number): void => {
    if (unreadable++ === 0) firstRow = row;
    values[row] = NaN;
  };
  let separators = '';
  if (decimal === ',') marks.add('decimal commas');
  for (let row = 0; row < values.length; row++) {
    if (kind[row] === cellKinds.text) {
      const text = texts?.at(row) ?? '';
      const cell = parseNumberCell(text);
      const value = cell ? numberOf(cell.core, decimal, cell.power) : (infinityOf(text) ?? NaN);
      if (Number.isNaN(value)) {
        if (!isMissingText(text)) miss(row);
        continue;
      }
      values[row] = cell?.negative ? -value : value;
      if (cell && cell.mark !== '') marks.add(markWords[cell.mark]);
      // The separators of a column are few: one met before needs no second look.
      const group = cell && separators.length < 3 ? groupOf(cell.core, decimal) : '';
      if (group !== '' && !separators.includes(group)) separators += group;
    } else if (decimal === ',' && kind[row] === cellKinds.thousandth) {
      if (Math.abs(numbers[row]) < 1) miss(row);
      else {
        values[row] = Math.round(numbers[row] * 1000);
        if (!separators.includes('.')) separators += '.';
      }
    } else if (decimal === ',' && !Number.isInteger(numbers[row])) {
      if (kind[row] === cellKinds.number) miss(row);
    }
  }
  for (const separator of separators) marks.add(groupWords[separator]);
  return { values, marks, unreadable, firstRow };
}
