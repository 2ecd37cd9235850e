import { counted } from '#core/counted.ts';
import { cellKinds, cellText, ColumnBuilder, type RawColumn } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { findLayout, findSeparation, type Separation } from './layout.ts';
import { OpenQuote } from './records.ts';
import { RowParser, type Skipped } from './rows.ts';
import { type SourceFile, unreadable } from './source-file.ts';
import { decodeText, maxLine, readText, tooLong } from './text.ts';

const headBytes = 1 << 18;
const [lf, cr, tab, doubleQuote] = [10, 13, 9, 34];

/**
 * Reads separated text (CLEANING.md#layout): the separator (comma, semicolon, tab, bar or blanks), one header line or
 * the two or three of pandas, lines around the table that belong to no table, and `#` comments are recognised.
 * @throws AppError data_unreadable with the line
 */
export async function readCsv(file: SourceFile): Promise<RawTable> {
  const reader = new TableReader(file);
  let pending = Buffer.alloc(0);
  let size = 0;
  for await (const bytes of readText(file)) {
    if (pending.length < size + bytes.length + 1) {
      const grown = Buffer.alloc(Math.max(size + bytes.length + 1, headBytes + maxLine));
      pending.copy(grown, 0, 0, size);
      pending = grown;
    }
    bytes.copy(pending, size);
    size += bytes.length;
    if (size < headBytes) continue;
    const used = reader.take(pending, lastLine(pending, size), false);
    pending.copyWithin(0, used, size);
    size -= used;
    if (size > maxLine) throw reader.stuck(pending, size);
  }
  if (size > 0) {
    const closed = Buffer.concat([pending.subarray(0, size), Buffer.from('\n')]);
    reader.take(closed, closed.length, true);
  }
  return reader.finish();
}

/** Offset behind the last line end. */
function lastLine(bytes: Buffer, size: number): number {
  return Math.max(bytes.lastIndexOf(lf, size - 1), bytes.lastIndexOf(cr, size - 1)) + 1;
}

/** Takes the bytes of a file piece by piece and makes a table of them. */
class TableReader {
  readonly #file: SourceFile;
  #separation: Separation | undefined;
  #layout: ReturnType<typeof findLayout> | undefined;
  #columns: ColumnBuilder[] = [];
  #rows: RowParser | undefined;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  /** Takes whole records out of the bytes up to `limit`, which end with a line; answers how many bytes it took. */
  take(bytes: Buffer, limit: number, last: boolean): number {
    if (limit === 0) return 0;
    if (!this.#separation) {
      const zero = bytes.subarray(0, limit).indexOf(0);
      if (zero >= 0) {
        throw unreadable(this.#file.name, `is no text (byte ${zero + 1} is zero)`, 'Expected separated text.');
      }
      this.#separation = findSeparation(decodeText(bytes.subarray(0, Math.min(limit, headBytes))).text);
    }
    if (this.#separation.by === 'sign') return this.#parse(bytes, limit, this.#separation.dialect, last);
    const { blanks } = this.#separation;
    const text = decodeText(bytes.subarray(0, limit)).text;
    const tabbed = Buffer.from(text.replace(/^ +| +$/gm, '').replace(blanks, '\t'));
    this.#parse(tabbed, tabbed.length, { separator: tab, quote: doubleQuote }, true);
    return limit;
  }

  #parse(bytes: Buffer, limit: number, dialect: { separator: number; quote: number }, last: boolean): number {
    const { name, limits } = this.#file;
    let from = 0;
    if (!this.#rows) from = this.#begin(bytes, limit, dialect, last);
    const rows = this.#rows!;
    const used = rows.parse(bytes, from, limit, limits.maxRows);
    if (rows.rows > limits.maxRows) {
      throw unreadable(name, `has more than ${limits.maxRows} rows`, 'Split it, or use data.range on parts.');
    }
    if (rows.skipped.otherHeader > 0) {
      const what = `has a second header with other columns in line ${rows.skipped.otherHeader}`;
      throw unreadable(name, what, 'Split it there: the parts have to be read apart.');
    }
    if (last && used < limit) throw this.#openQuote(rows.line);
    return used;
  }

  /** Understands the head and opens the columns; answers where the rows begin. */
  #begin(bytes: Buffer, limit: number, dialect: { separator: number; quote: number }, last: boolean): number {
    const { name, limits, size } = this.#file;
    let layout: ReturnType<typeof findLayout>;
    try {
      layout = findLayout(bytes, limit, dialect, last);
    } catch (error) {
      if (error instanceof OpenQuote) throw this.#openQuote(1);
      throw error;
    }
    if (layout.width > limits.maxColumns) {
      const what = `has ${layout.width} columns, more than ${limits.maxColumns}`;
      throw unreadable(name, what, 'Expected a table of bars.');
    }
    // Room beyond the last row costs no memory, growing does. A compressed file is larger than it lies on the disk.
    const expected = layout.rowBytes > 0 ? Math.ceil((size / layout.rowBytes) * 1.5) : 0;
    const capacity = Math.max(16, Math.min(expected, limits.maxRows + 1));
    this.#columns = Array.from({ length: layout.width }, () => new ColumnBuilder(capacity));
    this.#rows = new RowParser(this.#columns, dialect, layout.headers, layout.line);
    this.#layout = layout;
    return layout.start;
  }

  /** The error where more than a line's length is left that is no whole record. */
  stuck(bytes: Buffer, size: number): Error {
    const line = this.#rows?.line ?? 1;
    return lastLine(bytes, size) > 0 ? this.#openQuote(line) : tooLong(this.#file, line);
  }

  #openQuote(line: number): Error {
    return unreadable(
      this.#file.name,
      `has an unfinished quotation mark near line ${line}`,
      'Close it, or remove the quotation marks.',
    );
  }

  finish(): RawTable {
    const { name } = this.#file;
    const layout = this.#layout;
    const rows = this.#rows;
    if (!layout || !rows) return { name, names: null, instruments: null, columns: [], rows: 0, notes: [] };
    const columns = this.#columns.map((column) => column.finish());
    const names = layout.names && [...layout.names];
    const instruments = layout.instruments && [...layout.instruments];
    if (layout.clock !== undefined) {
      columns.splice(layout.clock - 1, 2, joinCells(columns[layout.clock - 1], columns[layout.clock], rows.rows));
      names?.splice(layout.clock, 1);
      instruments?.splice(layout.clock, 1);
    }
    while (columns.length > 1 && (names?.at(-1) ?? '') === '' && columns.at(-1)!.kind.every(isBlank)) {
      columns.pop();
      names?.pop();
    }
    if (instruments) instruments.length = columns.length;
    const windows = rows.windows ? ['no UTF-8: read as Windows-1252'] : [];
    const notes = [...layout.notes, ...windows, ...notesOf(rows.skipped)];
    return { name, names, instruments, columns, rows: rows.rows, notes };
  }
}

const isBlank = (kind: number): boolean => kind === cellKinds.blank;

function joinCells(left: RawColumn, right: RawColumn, rows: number): RawColumn {
  const joined = new ColumnBuilder(rows);
  for (let row = 0; row < rows; row++) joined.text(`${cellText(left, row)} ${cellText(right, row)}`);
  return joined.finish();
}

function notesOf({ comments, headers, words, firstWords, beyond }: Skipped): string[] {
  const notes: string[] = [];
  if (comments > 0) notes.push(`${comments} comment lines (#) skipped`);
  if (headers > 0) notes.push(`${headers} repeated header lines skipped`);
  if (words > 0) {
    notes.push(`${words} lines without a time or a number skipped: ${JSON.stringify(firstWords.slice(0, 60))}`);
  }
  if (beyond > 0)
    notes.push(`${counted(beyond, 'row')} with more cells than the header has names: what is beyond is not read`);
  return notes;
}
