import { type AsyncBuffer, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { AppError } from '#core/error.ts';
import { ColumnBuilder } from '#core/table/column.ts';
import type { RawTable } from '#core/table/table.ts';
import { isGzip, readAll, type SourceFile, unreadable } from './source-file.ts';

const maxInflated = 512 * 1024 ** 2;

/**
 * Reads the flat columns of a Parquet file (any codec that hyparquet-compressors knows), by
 * ranges of the file; a gzipped file is decompressed first.
 * @throws AppError data_unreadable
 */
export async function readParquet(source: SourceFile): Promise<RawTable> {
  try {
    const file = isGzip(source.name) ? fromBytes(await readAll(source, maxInflated)) : fromHandle(source);
    const metadata = await parquetMetadataAsync(file);
    const rows = Number(metadata.num_rows);
    if (!(rows >= 0 && rows <= source.limits.maxRows)) {
      throw unreadable(source.name, `says it has ${rows} rows, more than ${source.limits.maxRows}`, 'Split it.');
    }
    const names = topLevelColumns(metadata.schema);
    if (names.length > source.limits.maxColumns) {
      throw unreadable(
        source.name,
        `has ${names.length} columns, more than ${source.limits.maxColumns}`,
        'Expected a table of bars.',
      );
    }
    const columns = new Map(names.map((name) => [name, new ColumnBuilder(rows)]));
    if (rows > 0 && names.length > 0) {
      await parquetRead({
        file,
        metadata,
        compressors,
        columns: names,
        onChunk({ columnName, columnData }) {
          const column = columns.get(columnName);
          if (column) for (let i = 0; i < columnData.length; i++) append(column, columnData[i]);
        },
      });
    }
    const short = names.find((name) => columns.get(name)!.rows !== rows);
    if (short !== undefined) {
      throw unreadable(
        source.name,
        `has ${columns.get(short)!.rows} values in ${JSON.stringify(short)} and ${rows} rows`,
        'It is damaged.',
      );
    }
    return {
      name: source.name,
      names,
      instruments: null,
      columns: names.map((name) => columns.get(name)!.finish()),
      rows,
      notes: [],
    };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message.slice(0, 160) : 'unknown error';
    throw unreadable(source.name, `is no readable Parquet file (${reason})`, 'Check that it is whole.', cause);
  }
}

function append(column: ColumnBuilder, value: unknown): void {
  if (typeof value === 'number' || typeof value === 'bigint') column.number(Number(value));
  else if (typeof value === 'string') column.text(value);
  else if (value instanceof Date) column.instant(value.getTime());
  else column.blank();
}

/** Names of the flat columns directly below the root of the schema. */
function topLevelColumns(schema: readonly { readonly name: string; readonly num_children?: number }[]): string[] {
  const names: string[] = [];
  let at = 1;
  const skip = (): void => {
    const children = schema[at++]?.num_children ?? 0;
    for (let child = 0; child < children && at < schema.length; child++) skip();
  };
  while (at < schema.length) {
    if (!schema[at].num_children) names.push(schema[at].name);
    skip();
  }
  return names;
}

function fromHandle(source: SourceFile): AsyncBuffer {
  return {
    byteLength: source.size,
    slice(start, end = source.size) {
      const bytes = readRange(source, start, end);
      // The reader asks for many ranges at once and waits for one after the other: where the first fails, the failure
      // of the others would be nobody's.
      bytes.catch(() => undefined);
      return bytes;
    },
  };
}

async function readRange({ handle, size, name }: SourceFile, start: number, end: number): Promise<ArrayBuffer> {
  const length = end - start;
  if (!(start >= 0 && length >= 0 && end <= size)) {
    throw unreadable(name, 'is Parquet that points outside of itself', 'It is damaged.');
  }
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) throw unreadable(name, 'ended while it was read', 'Try again.');
    done += bytesRead;
  }
  return bytes.buffer;
}

function fromBytes(bytes: Uint8Array): AsyncBuffer {
  const copy = new Uint8Array(bytes).buffer;
  return { byteLength: copy.byteLength, slice: (start, end) => copy.slice(start, end) };
}
