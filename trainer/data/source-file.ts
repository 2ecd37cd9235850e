import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
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
}

export const defaultLimits: ReadLimits = {
  maxBytes: 2 * 1024 ** 3,
  maxInflatedBytes: 4 * 1024 ** 3,
  maxRatio: 200,
  maxRows: 20_000_000,
  maxColumns: 1000,
};

const ratioFloor = 16 * 1024 ** 2;

/** An open data file; whoever opens it closes `handle`. */
export interface SourceFile {
  readonly handle: FileHandle;
  /** Base name only: what messages and reports may show. */
  readonly name: string;
  readonly size: number;
  readonly limits: ReadLimits;
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
export async function hashSource({ handle }: SourceFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}

/** The bytes of the file, decompressed where its name ends in `.gz`, within the limits. */
export async function* readBytes(file: SourceFile): AsyncGenerator<Buffer> {
  const raw = file.handle.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 });
  if (!isGzip(file.name)) {
    yield* raw as AsyncIterable<Buffer>;
    return;
  }
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  raw.on('error', (error) => gunzip.destroy(error));
  let inflated = 0;
  try {
    for await (const chunk of raw.pipe(gunzip) as AsyncIterable<Buffer>) {
      inflated += chunk.length;
      const ratio = inflated / file.size;
      if (inflated > file.limits.maxInflatedBytes || (inflated > ratioFloor && ratio > file.limits.maxRatio)) {
        throw unreadable(
          file.name,
          `grows past ${mib(Math.min(inflated, file.limits.maxInflatedBytes))} when decompressed (${Math.round(ratio)} times its size)`,
          'Decompress it yourself if it is what you mean.',
        );
      }
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw unreadable(file.name, `is no readable gzip file (${code})`, 'Check that it is whole.', cause);
  } finally {
    raw.destroy();
    gunzip.destroy();
  }
}

/** All bytes at once. @throws AppError data_unreadable above `maxBytes` decompressed */
export async function readAll(file: SourceFile, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readBytes(file)) {
    size += chunk.length;
    if (size > maxBytes)
      throw unreadable(file.name, `holds more than ${mib(maxBytes)} of this format`, 'Use CSV or Parquet.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function isGzip(name: string): boolean {
  return /\.gz$/i.test(name);
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
