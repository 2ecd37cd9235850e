import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError } from '#core/error.ts';
import { runFiles } from '#core/run/run-files.ts';

/** A file of a run folder, open for reading. Whoever opened it closes it. */
export interface RunFile {
  readonly handle: FileHandle;
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly inode: number;
}

// No leading dot: hidden files are never served. No backslash, colon or control character: other systems give them a
// meaning.
const segment = /^(?!\.)[^\\/:*?"<>|\p{Cc}\p{Cs}]{1,255}$/u;

/** Files for internal use, and files that are still being written. */
const half = /\.lock$|\.tmp$|\.old$/;

/** Whether this file of a run folder may be shown: no part of its path is internal or still being written. */
export function isArtifactPath(path: string): boolean {
  const parts = path.split('/');
  return (
    parts.length <= 8 && parts.every((part) => segment.test(part) && part !== runFiles.control && !half.test(part))
  );
}

/**
 * Opens the file `path` (relative, with `/`) of a run folder. Only regular files that lie inside the folder, have one
 * name and are reached without a link are opened; what was opened is checked again after opening, so that exchanging
 * a folder for a link in between gains nothing.
 * @throws AppError artifact_not_found for everything else, with the same text whatever the reason.
 */
export async function openRunFile(runFolder: string, path: string): Promise<RunFile> {
  const missing = new AppError('artifact_not_found', 'There is no such artifact in this run.');
  if (!isArtifactPath(path)) throw missing;
  let handle: FileHandle | undefined;
  try {
    const root = await realpath(runFolder);
    const wanted = join(root, await standIn(root, path));
    if ((await realpath(wanted)) !== wanted) throw missing;
    handle = await open(wanted, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const opened = await handle.stat();
    const real = process.platform === 'linux' ? await realpath(`/proc/self/fd/${handle.fd}`) : await realpath(wanted);
    // A second name (hard link) could be that of a file from anywhere on the disk.
    if (!opened.isFile() || opened.nlink > 1 || !real.startsWith(root + sep)) throw missing;
    return { handle, bytes: opened.size, modifiedMs: opened.mtimeMs, inode: opened.ino };
  } catch {
    await handle?.close();
    throw missing;
  }
}

/** While a checkpoint is being replaced its old folder stands in for it. */
async function standIn(root: string, path: string): Promise<string> {
  const [top, name, ...rest] = path.split('/');
  if (top !== runFiles.checkpoints || rest.length === 0) return path;
  const exists = await lstat(join(root, top, name)).then(
    () => true,
    () => false,
  );
  return exists ? path : [top, `${name}.old`, ...rest].join('/');
}
