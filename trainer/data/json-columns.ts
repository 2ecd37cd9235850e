import { ColumnBuilder, type RawColumn } from '#core/table/column.ts';
import { plainNumber } from '#core/table/number-text.ts';
import type { RawTable } from '#core/table/table.ts';
import { splitTupleNames } from '#core/table/tuple-name.ts';
import { isList, isRecord, type JsonShape } from './json-shape.ts';
import { checkSize, type SourceFile } from './source-file.ts';

/** How often the size of a table that still grows is compared with the limits, in rows. */
const checkEvery = 4096;

/** Collects rows and objects of JSON as columns; a key that appears late has blanks before. */
export class JsonColumns {
  readonly #file: SourceFile;
  readonly #columns: { readonly name: string; readonly builder: ColumnBuilder; lists: number }[] = [];
  readonly #byName = new Map<string, number>();
  #names: readonly string[] | null = null;
  #rows = 0;

  constructor(file: SourceFile) {
    this.#file = file;
  }

  add(shape: JsonShape): void {
    if ('objects' in shape) {
      for (const object of shape.objects) this.object(object);
      return;
    }
    this.#names ??= shape.names;
    for (const row of shape.rows) this.row(row);
  }

  /** A row without a name for its cells; the first one may be a header. */
  row(cells: readonly unknown[]): void {
    if (this.#rows === 0 && this.#names === null && isHeader(cells)) {
      this.#names = cells.map(String);
      return;
    }
    for (let index = 0; index < cells.length; index++) this.#cell(index, '', cells[index]);
    this.#endRow();
  }

  object(object: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of entriesOf(object)) {
      let index = this.#byName.get(key);
      if (index === undefined) this.#byName.set(key, (index = this.#columns.length));
      this.#cell(index, key, value);
    }
    this.#endRow();
  }

  /** The table, with what the file says for the whole of it: its instrument, and the zone of its clock. */
  finish(notes: readonly string[], { symbol, zone }: Pick<JsonShape, 'symbol' | 'zone'> = {}): RawTable {
    const width = Math.max(this.#columns.length, this.#names?.length ?? 0);
    checkSize(this.#file, this.#rows, width);
    while (this.#columns.length < width) this.#grow('');
    const named = this.#names ?? (this.#byName.size > 0 ? this.#columns.map(({ name }) => name) : null);
    const header = named && splitTupleNames(Array.from({ length: width }, (_, index) => (named[index] ?? '').trim()));
    const columns = this.#columns.map(({ builder }) => builder.finish());
    const lists = this.#columns.filter((column) => column.lists > 0).map(({ name }) => JSON.stringify(name));
    return {
      name: this.#file.name,
      names:
        header?.names.map((name, index) =>
          zone !== undefined && isClock(name, columns[index]) ? `${name || 'time'} (${zone})` : name,
        ) ?? null,
      instruments: header?.instruments ?? (symbol === undefined ? null : columns.map(() => symbol)),
      columns,
      rows: this.#rows,
      notes: lists.length > 0 ? [...notes, `cells with lists or objects not read: ${lists.join(', ')}`] : notes,
    };
  }

  #cell(index: number, name: string, cell: unknown): void {
    while (index >= this.#columns.length) this.#grow(name);
    const column = this.#columns[index];
    const value = plain(cell);
    if (typeof value === 'number') column.builder.number(value);
    else if (typeof value === 'string') column.builder.text(value);
    else if (typeof value === 'boolean') column.builder.number(value ? 1 : 0);
    else {
      column.builder.blank();
      if (value !== null && value !== undefined) column.lists++;
    }
  }

  #grow(name: string): void {
    checkSize(this.#file, this.#rows, this.#columns.length + 1);
    const builder = new ColumnBuilder();
    while (builder.rows < this.#rows) builder.blank();
    this.#columns.push({ name, builder, lists: 0 });
  }

  #endRow(): void {
    this.#rows++;
    for (const { builder } of this.#columns) if (builder.rows < this.#rows) builder.blank();
    if (this.#rows % checkEvery === 0) checkSize(this.#file, this.#rows, this.#columns.length);
  }
}

/** Whether a column holds times of day as text, which a zone named elsewhere in the file is about. */
function isClock(name: string, column: RawColumn): boolean {
  return /^(?:|date|time|date_?time|timestamp)$/i.test(name) && column.texts?.at(0).includes(':') === true;
}

function isHeader(cells: readonly unknown[]): boolean {
  const isName = (cell: unknown) => typeof cell === 'string' && Number.isNaN(plainNumber(cell.trim()));
  return cells.length > 0 && cells.every(isName);
}

/** The value of a cell, without what MongoDB's export wraps it in: `{"$date": {"$numberLong": "1"}}`. */
function plain(cell: unknown): unknown {
  let value = cell;
  for (let level = 0; level < 2 && isRecord(value); level++) {
    const [[key, inner] = ['', undefined], ...others] = Object.entries(value);
    if (others.length > 0 || !key.startsWith('$')) break;
    value = inner;
  }
  return value;
}

const parts = ['open', 'high', 'low', 'close'];

/** The entries of an object, with those of the prices that stand in an object of their own (`mid: {o, h, l, c}`). */
function entriesOf(object: Readonly<Record<string, unknown>>): [string, unknown][] {
  const entries = Object.entries(object);
  if (!entries.some(([, value]) => isPrices(value))) return entries;
  const prices = entries.filter(([, value]) => isPrices(value)).map(([key]) => key);
  const main = prices.includes('mid') ? 'mid' : prices[0];
  return entries.flatMap(([key, value]): [string, unknown][] => {
    if (!isPrices(value)) return [[key, value]];
    return Object.entries(value).map(([part, price]) => [key === main ? part : `${key} ${part}`, price]);
  });
}

function isPrices(value: unknown): value is Record<string, unknown> {
  return (
    isRecord(value) && parts.every((part) => part in value || part[0] in value) && !Object.values(value).some(isList)
  );
}
