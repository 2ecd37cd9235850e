import { randomBytes } from 'node:crypto';
import { linkSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#core/error.ts';

const fileName = 'session.key';

/**
 * The secret of a home from which sessions are made, read from its runs folder, or made there for its owner's eyes only.
 * Whoever removes the file signs everybody out at the next start.
 * @throws AppError invalid_config naming the file where it is none that can be read, or the folder cannot be written.
 */
export function openSessionKey(runsFolder: string): string {
  const path = join(runsFolder, fileName);
  const draft = `${path}.${process.pid}.tmp`;
  try {
    const known = readKey(path);
    if (known !== null) return known;
    mkdirSync(runsFolder, { recursive: true });
    writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
    // Both servers start at once: the first to link its key is right, and the other reads it.
    if (!isLinked(draft, path) && readKey(path) === null) renameSync(draft, path);
    return readKey(path) ?? fail(path, 'no key');
  } catch (error) {
    if (error instanceof AppError) throw error;
    return fail(path, (error as NodeJS.ErrnoException).code ?? 'unknown');
  } finally {
    rmSync(draft, { force: true });
  }
}

function fail(path: string, why: string): never {
  throw new AppError(
    'invalid_config',
    `${path} cannot be read or written (${why}); expected the key from which sessions are made. Remove it, and everybody ` +
      'signs in anew.',
  );
}

function isLinked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** Null where there is none, or the file holds none. */
function readKey(path: string): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  // Reading a pipe would wait for ever.
  if (!found.isFile()) fail(path, 'no file');
  return /^[0-9a-f]{64}$/.exec(readFileSync(path, 'utf8').trim())?.[0] ?? null;
}
