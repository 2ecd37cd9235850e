import { decodeText } from './text.ts';

/** How the cells of a record are told apart; both are bytes. */
export interface Dialect {
  readonly separator: number;
  readonly quote: number;
}

const lf = 10;
const cr = 13;
const blank = 32;
const hyphen = 45;
const nine = 57;
/** 1 at the bytes that a plain number, and blanks around it, may be made of. */
const inNumbers = new Uint8Array(128);
for (const sign of ' +-.eE0123456789') inNumbers[sign.charCodeAt(0)] = 1;

/** The cells of one record and where the next begins. */
interface TextRecord {
  readonly cells: readonly string[];
  /** Offset of the record. */
  readonly at: number;
  readonly next: number;
}

/** A quotation mark that is not closed before the end, or is followed by further text. */
export class OpenQuote extends Error {}

/**
 * Reads texts out of separated bytes, cell after cell. A cell that begins with a quotation mark lasts to the next one,
 * doubled ones standing for themselves (RFC 4180); its line ends come out as blanks.
 */
export class CellReader {
  /** Where the last cell ended: offset of its separator or line end. */
  end = 0;
  /** Whether a text was no UTF-8 and was read as Windows-1252. */
  windows = false;
  readonly #dialect: Dialect;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** The text of the cell at `from`. The bytes before `limit` end with a line. @throws OpenQuote */
  read(bytes: Buffer, from: number, limit: number): string {
    let at = from;
    while (bytes[at] === 32) at++;
    return bytes[at] === this.#dialect.quote ? this.#quoted(bytes, at + 1, limit) : this.#bare(bytes, from);
  }

  /**
   * Where the text of the cell at `from` ends, if that is bare ASCII and surely no plain number, as a time is; −1 of every
   * other cell. The text must begin at `from`.
   */
  asciiEnd(bytes: Buffer, from: number): number {
    const { separator, quote } = this.#dialect;
    if (bytes[from] === quote) return -1;
    let at = from;
    let isText = false;
    for (let byte = bytes[at]; byte !== separator && byte !== lf && byte !== cr; byte = bytes[++at]) {
      if (byte < blank || byte > 126) return -1;
      if (inNumbers[byte] === 0 || (byte === hyphen && at > from && bytes[at - 1] <= nine)) isText = true;
    }
    if (!isText) return -1;
    this.end = at;
    while (bytes[at - 1] === blank) at--;
    return at;
  }

  #bare(bytes: Buffer, from: number): string {
    const { separator } = this.#dialect;
    let at = from;
    let ascii = true;
    for (let byte = bytes[at]; byte !== separator && byte !== lf && byte !== cr; byte = bytes[++at]) {
      if (byte > 127) ascii = false;
    }
    this.end = at;
    return ascii ? bytes.toString('latin1', from, at) : this.#decode(bytes.subarray(from, at));
  }

  #quoted(bytes: Buffer, from: number, limit: number): string {
    const { separator, quote } = this.#dialect;
    let text = '';
    let start = from;
    for (;;) {
      const close = bytes.indexOf(quote, start);
      if (close < 0 || close >= limit) throw new OpenQuote();
      text += this.#decode(bytes.subarray(start, close));
      start = close + 1;
      if (bytes[start] !== quote) break;
      text += String.fromCharCode(quote);
      start++;
    }
    let at = start;
    while (bytes[at] === 32) at++;
    if (bytes[at] !== separator && bytes[at] !== lf && bytes[at] !== cr) throw new OpenQuote();
    this.end = at;
    return text.replace(/[\r\n]+/g, ' ');
  }

  #decode(bytes: Uint8Array): string {
    const decoded = decodeText(bytes);
    this.windows ||= decoded.windows;
    return decoded.text;
  }
}

/** Offset behind the line end that stands at `at`. */
export function afterLine(bytes: Buffer, at: number): number {
  return bytes[at] === cr && bytes[at + 1] === lf ? at + 2 : at + 1;
}

/** The record at `at`, all its cells as texts. @throws OpenQuote */
export function readRecord(bytes: Buffer, at: number, limit: number, reader: CellReader, dialect: Dialect): TextRecord {
  const cells: string[] = [];
  for (let from = at; ; from = reader.end + 1) {
    cells.push(reader.read(bytes, from, limit).trim());
    if (bytes[reader.end] !== dialect.separator) return { cells, at, next: afterLine(bytes, reader.end) };
  }
}

/** A header line for comparison. */
export function headerKey(cells: readonly string[]): string {
  const last = cells.findLastIndex((cell) => cell !== '');
  return cells.slice(0, last + 1).join('\0');
}
