import { isThousandth, plainNumber } from './number-text.ts';
import { TextStore } from './text-store.ts';

/** What a cell of a file is, before its column is understood. */
export const cellKinds = {
  blank: 0,
  /** Written as a plain number (`1.5`, `-3e2`), or a number of a typed format. */
  number: 1,
  /** A plain number that in a file with decimal commas is a whole one: one to three digits, a point, three digits. */
  thousandth: 2,
  text: 3,
  /** A timestamp of a typed format. */
  instant: 4,
} as const;

/** One column of a file as its reader found it; every array has a value a row. */
export interface RawColumn {
  /** One of `cellKinds` a row. */
  readonly kind: Uint8Array;
  /** The number, or milliseconds since 1970 of an instant; NaN in other rows. */
  readonly numbers: Float64Array;
  /** The text of `text` cells; null where the column has none. */
  readonly texts: TextStore | null;
  /** True where instants are those of a clock that names no zone, written as if it were UTC. */
  readonly naive: boolean;
}

/** The cell as a person would see it, for messages and for texts that are read again; '' where it is blank. */
export function cellText({ kind, numbers, texts }: RawColumn, row: number): string {
  switch (kind[row]) {
    case cellKinds.text:
      return texts?.at(row) ?? '';
    case cellKinds.number:
      return String(numbers[row]);
    case cellKinds.thousandth:
      return numbers[row].toFixed(3);
    case cellKinds.instant:
      return new Date(numbers[row]).toISOString();
    default:
      return '';
  }
}

/** Numbers as a column, for sources that have nothing else. */
export function numberColumn(numbers: Float64Array): RawColumn {
  const kind = Uint8Array.from(numbers, (value) => (Number.isNaN(value) ? cellKinds.blank : cellKinds.number));
  return { kind, numbers, texts: null, naive: false };
}

/** Collects the cells of one column, row after row. */
export class ColumnBuilder {
  #kind: Uint8Array<ArrayBuffer>;
  #numbers: Float64Array<ArrayBuffer>;
  #texts: TextStore | null = null;
  #rows = 0;

  constructor(capacity = 1024) {
    this.#kind = new Uint8Array(capacity);
    this.#numbers = new Float64Array(capacity);
  }

  get rows(): number {
    return this.#rows;
  }

  blank(): void {
    this.#add(cellKinds.blank, NaN);
  }

  number(value: number): void {
    this.#add(Number.isNaN(value) ? cellKinds.blank : cellKinds.number, value);
  }

  /** @param ms since 1970 */
  instant(ms: number): void {
    this.#add(Number.isNaN(ms) ? cellKinds.blank : cellKinds.instant, ms);
  }

  /** A cell of a text file that is known to be a plain number, and whether it may be a whole one (`4.016`). */
  plain(value: number, thousandth: boolean): void {
    this.#add(thousandth ? cellKinds.thousandth : cellKinds.number, value);
  }

  /** A cell of a text file, blanks around it and all. */
  text(cell: string): void {
    const trimmed = cell.trim();
    if (trimmed === '') return this.blank();
    const number = plainNumber(trimmed);
    if (!Number.isNaN(number)) return this.plain(number, isThousandth(trimmed));
    this.#texts ??= new TextStore(this.#kind.length, trimmed.length);
    this.#texts.add(this.#rows, trimmed);
    this.#add(cellKinds.text, NaN);
  }

  /** A cell of ASCII bytes without blanks around it that is known to be no plain number. */
  ascii(bytes: Uint8Array, from: number, to: number): void {
    this.#texts ??= new TextStore(this.#kind.length, to - from);
    this.#texts.addAscii(this.#rows, bytes, from, to);
    this.#add(cellKinds.text, NaN);
  }

  /** The text of the last cell; '' where it is none. */
  get lastText(): string {
    return this.#texts?.at(this.#rows - 1) ?? '';
  }

  /** Takes the last cell back. */
  undo(): void {
    this.#rows--;
    if (this.#kind[this.#rows] === cellKinds.text) this.#texts!.remove();
  }

  /** The column; the builder is spent. */
  finish({ naive = false }: { readonly naive?: boolean } = {}): RawColumn {
    const rows = this.#rows;
    return { kind: this.#kind.subarray(0, rows), numbers: this.#numbers.subarray(0, rows), texts: this.#texts, naive };
  }

  #add(kind: number, value: number): void {
    if (this.#rows === this.#kind.length) this.#grow();
    this.#kind[this.#rows] = kind;
    this.#numbers[this.#rows++] = value;
  }

  #grow(): void {
    const capacity = Math.ceil(this.#kind.length * 1.5);
    this.#kind = new Uint8Array(this.#kind.buffer.transfer(capacity));
    this.#numbers = new Float64Array(this.#numbers.buffer.transfer(8 * capacity));
  }
}
