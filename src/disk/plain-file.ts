import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/error.ts';

// Opening a FIFO would wait for whoever opens its other end, perhaps for ever. Windows has neither flag.
const plain = (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
const reading = constants.O_RDONLY | plain;
const ways = {
  /** Writes at its end; made where it is not there. */
  append: constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | plain,
  /** The same, and reads. */
  'read and append': constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | plain,
  /** Emptied; made where it is not there. */
  replace: constants.O_WRONLY | constants.O_TRUNC | constants.O_CREAT | plain,
};

/**
 * Opens a regular file, for reading unless `to` says otherwise; the caller closes it. Never waits, and follows no link.
 * @throws AppError internal where something else lies there (a folder, a FIFO, a link …); what the system says otherwise.
 */
export async function openPlainFile(path: string, to?: keyof typeof ways): Promise<FileHandle> {
  const file = await open(path, to === undefined ? reading : ways[to], 0o644).catch((error: unknown) => {
    throw toStranger(path, error);
  });
  try {
    requirePlain(path, await file.stat());
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Bytes of a regular file. @throws as openPlainFile. */
export async function readPlainBytes(path: string): Promise<Buffer> {
  const file = await openPlainFile(path);
  try {
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Text of a regular file. @throws as openPlainFile. */
export async function readPlainFile(path: string): Promise<string> {
  return (await readPlainBytes(path)).toString('utf8');
}

/** As openPlainFile, at once: a descriptor that the caller closes. */
export function openPlainFileSync(path: string, to?: keyof typeof ways): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, to === undefined ? reading : ways[to], 0o644);
  } catch (error) {
    throw toStranger(path, error);
  }
  try {
    requirePlain(path, fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/** As readPlainFile, at once: for small files that are read while nothing else may happen. */
export function readPlainFileSync(path: string): string {
  const descriptor = openPlainFileSync(path);
  try {
    return readFileSync(descriptor, 'utf8');
  } finally {
    closeSync(descriptor);
  }
}

function requirePlain(path: string, stat: Stats): void {
  if (stat.isFile()) return;
  throw stranger(path, stat.isDirectory() ? 'a folder' : stat.isFIFO() ? 'a FIFO' : 'a device');
}

/** What the system refuses to open because of its kind is told as that; the rest as it says it. */
function toStranger(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ELOOP') return stranger(path, 'a link');
  if (code === 'EISDIR') return stranger(path, 'a folder');
  return code === 'ENXIO' ? stranger(path, 'a FIFO or a socket') : error;
}

function stranger(path: string, kind: string): AppError {
  return new AppError('internal', `${basename(path)} is ${kind} where Almanac keeps a file. Move it away.`);
}
