import { type AsyncBuffer, parquetMetadataAsync, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { isKnownColumn } from '#core/bars/columns.ts';
import type { RawTable, RawValue } from '#core/bars/table.ts';
import { AppError } from '#core/error.ts';
import { isGzip, readAll, type SourceFile, unreadable } from './source-file.ts';

const maxInflated = 512 * 1024 ** 2;

/**
 * Reads the columns of a Parquet file that may be parts of a bar (any codec that hyparquet-compressors knows), by
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
    const wanted = names.filter(isKnownColumn);
    const columns = new Map<string, RawValue[]>(wanted.map((name) => [name, []]));
    if (rows > 0 && wanted.length > 0) {
      await parquetRead({
        file,
        metadata,
        compressors,
        columns: wanted,
        onChunk({ columnName, columnData, rowStart }) {
          const column = columns.get(columnName);
          if (!column) return;
          for (let i = 0; i < columnData.length; i++) {
            const value = columnData[i] as RawValue;
            column[rowStart + i] = typeof value === 'bigint' ? Number(value) : value;
          }
        },
      });
    }
    const short = wanted.find((name) => columns.get(name)!.length !== rows);
    if (short !== undefined && rows > 0) {
      throw unreadable(
        source.name,
        `has ${columns.get(short)!.length} values in ${JSON.stringify(short)} and ${rows} rows`,
        'It is damaged.',
      );
    }
    return { names, columns: names.map((name) => columns.get(name) ?? []), rows, notes: [] };
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const reason = cause instanceof Error ? cause.message.slice(0, 160) : 'unknown error';
    throw unreadable(source.name, `is no readable Parquet file (${reason})`, 'Check that it is whole.', cause);
  }
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
