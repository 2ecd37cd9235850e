import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '#core/error.ts';

// Opening a FIFO for reading would wait for its writer, perhaps for ever. Windows has neither flag.
const reading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/**
 * Opens a regular file for reading; the caller closes it. Never waits, and follows no link.
 * @throws AppError internal where something else lies there (a folder, a FIFO, a link …); what the system says otherwise.
 */
export async function openPlainFile(path: string): Promise<FileHandle> {
  const file = await open(path, reading).catch((error: unknown) => {
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

/** Text of a regular file. @throws as openPlainFile. */
export async function readPlainFile(path: string): Promise<string> {
  const file = await openPlainFile(path);
  try {
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** As readPlainFile, at once: for small files that are read while nothing else may happen. */
export function readPlainFileSync(path: string): string {
  let descriptor: number;
  try {
    descriptor = openSync(path, reading);
  } catch (error) {
    throw toStranger(path, error);
  }
  try {
    requirePlain(path, fstatSync(descriptor));
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
  return code === 'ENXIO' ? stranger(path, 'a socket') : error;
}

function stranger(path: string, kind: string): AppError {
  return new AppError('internal', `${basename(path)} is ${kind} where Almanac keeps a file. Move it away.`);
}
