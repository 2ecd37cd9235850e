import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { crc32, createGunzip, createInflateRaw } from 'node:zlib';
import { AppError } from '#core/error.ts';

/** Bounds on what is read from one file. */
export interface ReadLimits {
  /** Bytes of the file as it lies on disk. */
  readonly maxBytes: number;
  /** Bytes after decompression. */
  readonly maxInflatedBytes: number;
  /** Decompressed over compressed size, checked once 16 MiB have come out: more is a bomb, not a table. */
  readonly maxRatio: number;
  readonly maxRows: number;
  readonly maxColumns: number;
  /** Rows × columns: what the table may take in memory, 9 bytes a cell. */
  readonly maxCells: number;
}

export const defaultLimits: ReadLimits = {
  maxBytes: 2 * 1024 ** 3,
  maxInflatedBytes: 4 * 1024 ** 3,
  maxRatio: 200,
  maxRows: 20_000_000,
  maxColumns: 1000,
  maxCells: 200_000_000,
};

const ratioFloor = 16 * 1024 ** 2;
const rawSize = 1 << 20;

/** What of a file is read, and how it is packed. */
export interface Packing {
  readonly method: 'gzip' | 'deflate' | 'stored';
  /** Bytes from `start` to before `end`. */
  readonly start: number;
  readonly end: number;
  /** CRC-32 of what comes out, where the packing itself does not check it. */
  readonly crc?: number;
}

/** An open data file; whoever opens it closes `handle`. */
export interface SourceFile {
  readonly handle: FileHandle;
  /** Base name only: what messages and reports may show. */
  readonly name: string;
  readonly size: number;
  readonly limits: ReadLimits;
  /** Absent where the bytes are read as they lie. */
  readonly packing?: Packing;
}

/**
 * Opens a file that `locateSource` found. The handle is checked to be the very file that lies at that real path, so
 * that a link swapped in between finding and opening is refused rather than followed.
 * @throws AppError data_unreadable, data_forbidden
 */
export async function openSource(path: string, limits: ReadLimits): Promise<SourceFile> {
  const name = basename(path);
  // O_NONBLOCK: opening a pipe that was put in place of the file must not wait for a writer.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(path, flags).catch((cause: NodeJS.ErrnoException) => {
    throw unreadable(name, `cannot be opened (${cause.code ?? 'unknown error'})`, 'Check its permissions.', cause);
  });
  try {
    const opened = await handle.stat();
    const there = (await realpath(path).catch(() => '')) === path ? await stat(path) : undefined;
    if (!there || there.ino !== opened.ino || there.dev !== opened.dev) {
      throw new AppError(
        'data_forbidden',
        `The data file ${JSON.stringify(name)} changed while it was opened. Try again.`,
      );
    }
    if (!opened.isFile()) throw unreadable(name, 'is no regular file', 'Name a file.');
    if (opened.size === 0) {
      throw new AppError(
        'data_empty',
        `The data file ${JSON.stringify(name)} has 0 bytes. Check that it is the right file.`,
      );
    }
    if (opened.size > limits.maxBytes) {
      throw unreadable(name, `has ${mib(opened.size)}, more than ${mib(limits.maxBytes)}`, 'Split it, or use Parquet.');
    }
    return { handle, name, size: opened.size, limits };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** sha256 of the bytes as they lie on disk, in hex. */
export async function hashSource(file: SourceFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of readRaw(file, 0, Infinity)) hash.update(bytes);
  return hash.digest('hex');
}

/**
 * The bytes of the file, unpacked, within the limits. Each piece lasts until the next is asked for.
 * @throws AppError data_unreadable
 */
export async function* readBytes(file: SourceFile): AsyncGenerator<Buffer> {
  const { method, start, end, crc } = file.packing ?? { method: 'stored', start: 0, end: Infinity };
  if (end <= start) return;
  if (file.packing === undefined) {
    yield* readRaw(file, start, end);
    return;
  }
  const raw = Readable.from(copied(readRaw(file, start, end)), { objectMode: false });
  const options = { chunkSize: 1 << 18 };
  const unpacker = { gzip: createGunzip, deflate: createInflateRaw, stored: () => new PassThrough() }[method](options);
  raw.on('error', (error) => unpacker.destroy(error));
  let size = 0;
  let sum = 0;
  try {
    for await (const chunk of raw.pipe(unpacker) as AsyncIterable<Buffer>) {
      size += chunk.length;
      checkGrowth(file, size, end - start);
      if (crc !== undefined) sum = crc32(chunk, sum);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw unreadable(file.name, `is no readable ${packer(method)} file (${code})`, 'Check that it is whole.', cause);
  } finally {
    raw.destroy();
    unpacker.destroy();
  }
  if (crc !== undefined && sum !== crc) {
    throw unreadable(file.name, 'is a zip whose content does not match its checksum', 'It is damaged: get it again.');
  }
}

/**
 * Bytes as they lie on disk, in one buffer that is filled again and again: a new one each would be garbage as large as
 * the file. A stream of the handle would close it where only a beginning is read.
 */
async function* readRaw({ handle }: SourceFile, start: number, end: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.min(rawSize, end - start));
  for (let at = start; at < end;) {
    const { bytesRead } = await handle.read(bytes, 0, Math.min(bytes.length, end - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield bytes.subarray(0, bytesRead);
  }
}

/** For a reader that is ahead of what it gives out. */
async function* copied(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

function packer(method: Packing['method']): string {
  return method === 'gzip' ? 'gzip' : 'zip';
}

function checkGrowth({ name, limits }: SourceFile, inflated: number, packed: number): void {
  const ratio = inflated / packed;
  if (inflated <= limits.maxInflatedBytes && (inflated <= ratioFloor || ratio <= limits.maxRatio)) return;
  throw unreadable(
    name,
    `grows past ${mib(Math.min(inflated, limits.maxInflatedBytes))} when decompressed (${Math.round(ratio)} times its size)`,
    'Decompress it yourself if it is what you mean.',
  );
}

/** The first `length` bytes, unpacked; fewer where there are no more. */
export async function readHead(file: SourceFile, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readBytes(file)) {
    chunks.push(Buffer.from(chunk));
    size += chunk.length;
    if (size >= length) break;
  }
  return Buffer.concat(chunks).subarray(0, length);
}

/** Bytes from `start` to before `end` as they lie on disk. @throws AppError data_unreadable where they are not there */
export async function readRange(
  { handle, size, name }: SourceFile,
  start: number,
  end: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const length = end - start;
  if (!(start >= 0 && length >= 0 && end <= size)) {
    throw unreadable(name, 'points outside of itself', 'It is damaged or cut off: get it again.');
  }
  const bytes = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, start + done);
    if (bytesRead === 0) throw unreadable(name, 'ended while it was read', 'Try again.');
    done += bytesRead;
  }
  return bytes;
}

/** All bytes at once. @throws AppError data_unreadable above `maxBytes` decompressed */
export async function readAll(file: SourceFile, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readBytes(file)) {
    size += chunk.length;
    if (size > maxBytes)
      throw unreadable(file.name, `holds more than ${mib(maxBytes)} of this format`, 'Use CSV or Parquet.');
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

/** @throws AppError data_unreadable where a table of this size is above the limits */
export function checkSize({ name, limits }: SourceFile, rows: number, columns: number): void {
  if (columns > limits.maxColumns) {
    throw unreadable(name, `has ${columns} columns, more than ${limits.maxColumns}`, 'Expected a table of bars.');
  }
  if (!(rows <= limits.maxRows)) {
    throw unreadable(name, `has more than ${limits.maxRows} rows`, 'Split it, or use data.range on parts.');
  }
  if (rows * columns > limits.maxCells) {
    const cells = `${rows} rows of ${columns} columns, more than ${limits.maxCells} cells`;
    throw unreadable(name, `has ${cells}`, 'Keep time, open, high, low, close, volume and what features read.');
  }
}

/** An AppError data_unreadable about the file `name`. */
export function unreadable(name: string, what: string, next: string, cause?: unknown): AppError {
  return new AppError('data_unreadable', `The data file ${JSON.stringify(name)} ${what}. ${next}`, {
    issues: [{ path: 'data.source', message: what }],
    cause,
  });
}

function mib(bytes: number): string {
  return bytes < 1024 ** 2 ? `${bytes} bytes` : `${Math.round(bytes / 1024 ** 2)} MiB`;
}
