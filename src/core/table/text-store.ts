const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes decoded at once: rows are mostly read one after the other. */
const block = 4096;
/** Most bytes a row that room is made for before any is known. */
const expected = 64;

/**
 * Texts of rows, kept as UTF-8 one behind the other: 4 bytes a row beside their own, where a string of its own takes 20
 * and more. Surrogates without their other half come out as U+FFFD.
 */
export class TextStore {
  #bytes: Uint8Array<ArrayBuffer>;
  /** Behind the text of each row up to the last added. */
  #ends: Uint32Array<ArrayBuffer>;
  #rows = 0;
  #size = 0;
  #isAscii = true;
  /** The bytes from `#from` on as text, which are as many as its characters. */
  #block = '';
  #from = 0;

  /**
   * @param rows expected; room beyond those that come costs no memory until it is written
   * @param length of the texts expected, bytes
   */
  constructor(rows: number, length: number) {
    this.#ends = new Uint32Array(Math.max(1, rows));
    this.#bytes = new Uint8Array(Math.max(1024, rows * Math.min(length, expected)));
  }

  /** Adds the text of `row`, which lies behind all rows added. */
  add(row: number, text: string): void {
    this.#reserve(row, text.length);
    const start = this.#size;
    for (let k = 0; k < text.length; k++) {
      const unit = text.charCodeAt(k);
      if (unit > 127) return this.#addEncoded(row, text);
      this.#bytes[start + k] = unit;
    }
    this.#end(row, text.length);
  }

  /** Adds the text of `row`, which lies behind all rows added, from ASCII bytes. */
  addAscii(row: number, bytes: Uint8Array, from: number, to: number): void {
    this.#reserve(row, to - from);
    // Calling set() takes longer than the copying of a time.
    for (let at = from, target = this.#size; at < to; at++, target++) this.#bytes[target] = bytes[at];
    this.#end(row, to - from);
  }

  /** Takes the text of the last row added back. */
  remove(): void {
    this.#size = --this.#rows === 0 ? 0 : this.#ends[this.#rows - 1];
    this.#block = '';
  }

  /** The text of a row; '' where it has none. */
  at(row: number): string {
    if (row >= this.#rows) return '';
    const start = row === 0 ? 0 : this.#ends[row - 1];
    const end = this.#ends[row];
    if (!this.#isAscii) return decoder.decode(this.#bytes.subarray(start, end));
    if (start < this.#from || end > this.#from + this.#block.length) {
      this.#from = start;
      this.#block = decoder.decode(this.#bytes.subarray(start, Math.min(this.#size, Math.max(end, start + block))));
    }
    return this.#block.slice(start - this.#from, end - this.#from);
  }

  /** The texts of some rows, in the order given, as those of the rows from 0 on. */
  take(rows: Int32Array): TextStore {
    const taken = new TextStore(rows.length, Math.ceil(this.#size / Math.max(1, this.#rows)));
    for (let row = 0; row < rows.length; row++) taken.add(row, this.at(rows[row]));
    return taken;
  }

  #addEncoded(row: number, text: string): void {
    const encoded = encoder.encode(text);
    this.#isAscii = false;
    this.#reserve(row, encoded.length);
    this.#bytes.set(encoded, this.#size);
    this.#end(row, encoded.length);
  }

  #end(row: number, length: number): void {
    if (this.#rows < row) this.#ends.fill(this.#size, this.#rows, row);
    this.#size += length;
    this.#ends[row] = this.#size;
    this.#rows = row + 1;
  }

  #reserve(row: number, length: number): void {
    if (row >= this.#ends.length) {
      this.#ends = new Uint32Array(this.#ends.buffer.transfer(4 * Math.ceil((row + 1) * 1.5)));
    }
    if (this.#size + length > this.#bytes.length) {
      this.#bytes = new Uint8Array(this.#bytes.buffer.transfer(Math.ceil((this.#size + length) * 1.5)));
    }
  }
}
