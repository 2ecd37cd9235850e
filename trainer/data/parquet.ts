import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { AppError } from '#core/error.ts';
import type { RawTable } from '#core/table/table.ts';
import { splitTupleNames } from '#core/table/tuple-name.ts';
import { type CellReader, cellReader, isCellType, parsers, withoutDecimal } from './parquet-cells.ts';
import { readPandas } from './parquet-pandas.ts';
import { checkSize, readAll, readRange, type SourceFile, unreadable } from './source-file.ts';

const maxInflated = 512 * 1024 ** 2;

/**
 * Reads the flat columns of a Parquet file (any codec that hyparquet-compressors knows), by ranges of the file and a row
 * group at a time; a packed file is unpacked first. An index of pandas comes first, without a name where it has none. A
 * single-precision number keeps its exact value: 1.1 is 1.100000023841858.
 * @throws AppError data_unreadable
 */
export async function readParquet(source: SourceFile): Promise<RawTable> {
  try {
    const file = source.packing ? fromBytes(await readAll(source, maxInflated)) : fromHandle(source);
    return await readColumns(source, file, await parquetMetadataAsync(file, { geoparquet: false }));
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message.slice(0, 160) : 'unknown error';
    throw unreadable(source.name, `is no readable Parquet file (${reason})`, 'Check that it is whole.', cause);
  }
}

async function readColumns(source: SourceFile, file: AsyncBuffer, metadata: FileMetaData): Promise<RawTable> {
  const rows = Number(metadata.num_rows);
  const fields = topLevel(metadata.schema);
  const flat = fields.filter(isCellType);
  checkSize(source, rows >= 0 ? rows : NaN, flat.length);
  const keys = flat.map(({ name }) => name);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw unreadable(source.name, `has two columns named ${quote(twice)}`, 'Rename or remove one of them.');
  }
  const pandas = readPandas(metadata);
  // Made when its first values come: a file that lies about its rows costs nothing.
  const readers = new Map<string, CellReader>();
  const readerOf = (key: string) => {
    const known = readers.get(key);
    if (known) return known;
    const made = cellReader(flat[keys.indexOf(key)], rows, { zoned: pandas.zoned(key) });
    readers.set(key, made);
    return made;
  };
  const schema = metadata.schema.map(withoutDecimal);
  for (const group of keys.length > 0 ? metadata.row_groups : []) {
    await parquetRead({
      file,
      metadata: { ...metadata, schema, num_rows: group.num_rows, row_groups: [group] },
      columns: keys,
      compressors,
      parsers,
      utf8: false,
      geoparquet: false,
      onChunk: ({ columnName, columnData }) => readerOf(columnName).append(columnData),
    });
  }
  const short = keys.find((key) => readerOf(key).rows !== rows);
  if (short !== undefined) {
    const has = `has ${readerOf(short).rows} values in ${quote(short)} and ${rows} rows`;
    throw unreadable(source.name, has, 'It is damaged.');
  }
  const order = [
    ...pandas.index.filter((key) => keys.includes(key)),
    ...keys.filter((key) => !pandas.index.includes(key)),
  ];
  const header = splitTupleNames(order.map((key) => pandas.nameOf(key).trim()));
  const left = fields.filter((field) => !isCellType(field)).map(({ name }) => quote(name));
  return {
    name: source.name,
    ...header,
    columns: order.map((key) => readerOf(key).finish()),
    rows,
    notes: left.length > 0 ? [`columns of lists or records not read: ${left.slice(0, 8).join(', ')}`] : [],
  };
}

/** The fields directly below the root of the schema. */
function topLevel(schema: readonly SchemaElement[]): SchemaElement[] {
  const fields: SchemaElement[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at++]?.num_children ?? 0;
    for (let child = 0; child < children && at < schema.length; child++) skip();
  };
  while (at < schema.length) {
    fields.push(schema[at]);
    skip();
  }
  return fields;
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 60));
}

function fromHandle(source: SourceFile): AsyncBuffer {
  return {
    byteLength: source.size,
    slice(start, end = source.size) {
      const bytes = readRange(source, start, end).then(({ buffer }) => buffer);
      // The reader asks for many ranges at once and waits for one after the other: where the first fails, the failure
      // of the others would be nobody's.
      bytes.catch(() => undefined);
      return bytes;
    },
  };
}

function fromBytes(bytes: Uint8Array): AsyncBuffer {
  const copy = new Uint8Array(bytes).buffer;
  return { byteLength: copy.byteLength, slice: (start, end) => copy.slice(start, end) };
}
