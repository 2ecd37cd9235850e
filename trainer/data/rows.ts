import { isKnownColumn } from '#core/quotes/columns.ts';
import { parseTimeText } from '#core/time/time-text.ts';
import type { ColumnBuilder } from '#core/table/column.ts';
import { afterLine, CellReader, type Dialect, headerKey, OpenQuote } from './records.ts';

const lf = 10;
const cr = 13;
const hash = 35;
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** What was left out of the rows, for the notes of the table. */
export interface Skipped {
  comments: number;
  /** Lines equal to a header line. */
  headers: number;
  /** Lines with words only: neither a time nor a number. */
  words: number;
  firstWords: string;
  /** Line of a header with other columns, 0 where there is none. */
  otherHeader: number;
  /** Rows with something beyond the last column. */
  beyond: number;
}

/**
 * Puts the rows of separated bytes into columns. Plain numbers go from bytes to double without a text between; a cell of
 * any other form is read as a text and comes out as `ColumnBuilder.text` reads it.
 */
export class RowParser {
  readonly skipped: Skipped = { comments: 0, headers: 0, words: 0, firstWords: '', otherHeader: 0, beyond: 0 };
  /** Lines begun so far. */
  line: number;
  rows = 0;
  readonly #columns: readonly ColumnBuilder[];
  readonly #dialect: Dialect;
  readonly #headers: ReadonlySet<string>;
  readonly #reader: CellReader;

  /**
   * @param headers header lines (`headerKey`), which are no rows where they come again
   * @param line of the first row
   */
  constructor(columns: readonly ColumnBuilder[], dialect: Dialect, headers: ReadonlySet<string>, line: number) {
    this.#columns = columns;
    this.#dialect = dialect;
    this.#headers = headers;
    this.#reader = new CellReader(dialect);
    this.line = line;
  }

  /** Whether a text was no UTF-8 and was read as Windows-1252. */
  get windows(): boolean {
    return this.#reader.windows;
  }

  /**
   * Parses the bytes from `from` to `limit`, which end with a line, until `maxRows` are read. Answers where it stopped:
   * `limit`, or the beginning of a record whose quotation mark is still open there.
   */
  parse(bytes: Buffer, from: number, limit: number, maxRows: number): number {
    let at = from;
    while (at < limit && this.rows <= maxRows) {
      const first = bytes[at];
      if (first === lf || first === cr) at = afterLine(bytes, at);
      else if (first === hash) {
        at = this.#skipLine(bytes, at);
        this.skipped.comments++;
      } else {
        const began = this.rows;
        try {
          at = this.#row(bytes, at, limit);
        } catch (error) {
          if (!(error instanceof OpenQuote)) throw error;
          for (const column of this.#columns) if (column.rows > began) column.undo();
          return at;
        }
      }
      this.line++;
    }
    return at;
  }

  #skipLine(bytes: Buffer, from: number): number {
    let at = from;
    while (bytes[at] !== lf && bytes[at] !== cr) at++;
    return afterLine(bytes, at);
  }

  #row(bytes: Buffer, from: number, limit: number): number {
    const columns = this.#columns;
    const width = columns.length;
    const { separator } = this.#dialect;
    let at = from;
    let index = 0;
    let values = 0;
    for (; index < width; index++) {
      const start = at;
      let byte = bytes[at];
      while (byte === 32) byte = bytes[++at];
      const negative = byte === 45;
      if (negative || byte === 43) byte = bytes[++at];
      const digits = at;
      let mantissa = 0;
      while (byte >= 48 && byte <= 57) {
        mantissa = mantissa * 10 + (byte - 48);
        byte = bytes[++at];
      }
      let count = at - digits;
      const whole = count;
      let fraction = 0;
      if (byte === 46) {
        byte = bytes[++at];
        const point = at;
        while (byte >= 48 && byte <= 57) {
          mantissa = mantissa * 10 + (byte - 48);
          byte = bytes[++at];
        }
        fraction = at - point;
        count += fraction;
      }
      while (byte === 32) byte = bytes[++at];
      // Up to 2^53 and 10^22 both are exact, and one division rounds as the standard wants it (Clinger 1990).
      if (
        count > 0 &&
        count <= 16 &&
        mantissa <= Number.MAX_SAFE_INTEGER &&
        (byte === separator || byte === lf || byte === cr)
      ) {
        const value = fraction === 0 ? mantissa : mantissa / powers[fraction];
        columns[index].plain(negative ? -value : value, fraction === 3 && whole > 0 && whole <= 3);
        values++;
      } else {
        let from = start;
        while (bytes[from] === 32) from++;
        // What begins with a digit is no word.
        if (bytes[from] >= 48 && bytes[from] <= 57) values++;
        const to = this.#reader.asciiEnd(bytes, from);
        if (to < 0) columns[index].text(this.#reader.read(bytes, start, limit));
        else columns[index].ascii(bytes, from, to);
        at = this.#reader.end;
      }
      if (bytes[at] !== separator) break;
      at++;
    }
    if (index === width) at = this.#beyond(bytes, at, limit);
    else for (index++; index < width; index++) columns[index].blank();
    this.rows++;
    if (values === 0) this.#judge();
    return afterLine(bytes, at);
  }

  /** Passes over what stands behind the last column. */
  #beyond(bytes: Buffer, from: number, limit: number): number {
    let filled = false;
    for (let at = from; ; at = this.#reader.end + 1) {
      filled = this.#reader.read(bytes, at, limit).trim() !== '' || filled;
      if (bytes[this.#reader.end] !== this.#dialect.separator) break;
    }
    if (filled) this.skipped.beyond++;
    return this.#reader.end;
  }

  /** Takes the last row back where it is none: it holds nothing, a header again, or words only. */
  #judge(): void {
    const cells = this.#columns.map(({ lastText }) => lastText);
    if (cells.some(isValue)) return;
    const isHeader = this.#headers.has(headerKey(cells));
    const blank = cells.every((cell) => cell === '');
    // A first row of words may be what the file is made of: whoever reads the columns says so better.
    if (!blank && !isHeader && this.rows === 1) return;
    for (const column of this.#columns) column.undo();
    this.rows--;
    if (blank) return;
    if (isHeader) {
      this.skipped.headers++;
      return;
    }
    if (cells.filter(isKnownColumn).length >= 4 && this.#headers.size > 0) this.skipped.otherHeader ||= this.line;
    if (this.skipped.words++ === 0) this.skipped.firstWords = cells.filter(Boolean).join(' ');
  }
}

/** Whether a text may be a number or a time, and not a word: it begins with a digit behind signs, or is a date. */
function isValue(text: string): boolean {
  return /^[^\p{L}\d]{0,4}\d/u.test(text) || (text !== '' && parseTimeText(text, 'month-first') !== undefined);
}
