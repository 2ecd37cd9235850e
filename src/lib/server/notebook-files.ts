import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '#core/error.ts';
import { replaceFile } from '#disk/replace-file.ts';
import { isSlug, toSlug } from './slug.ts';
import { headOf } from './head.ts';
import { goneTag } from '#lib/api/gone-tag.ts';
import type { NotebookEntry } from '#lib/api/entry.ts';

/** Largest notebook the page reads or writes: 1 MB of UTF-8. */
export const maxNotebookBytes = 1_000_000;

/** A notebook's text and the tag that names exactly these bytes. */
interface NotebookFile {
  readonly slug: string;
  readonly text: string;
  readonly etag: string;
}

/** Thrown on a save whose `If-Match` no longer names what is on disk: someone else saved in between. */
export class NotebookConflict extends Error {
  readonly current: NotebookFile | null;
  constructor(current: NotebookFile | null) {
    super('The notebook on disk changed since you opened it');
    this.name = 'NotebookConflict';
    this.current = current;
  }
}

const binFolder = '.bin';

/** Strong ETag of a text: sha256 of its UTF-8 bytes, quoted as HTTP wants it. */
export function etagOf(text: string): string {
  return `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`;
}

/** Every notebook of a folder, newest change first. Files whose names are no slug, and links, are left out. */
export async function listNotebooks(folder: string): Promise<NotebookEntry[]> {
  const names = await readdir(folder).catch(() => []);
  const entries = await Promise.all(
    names
      .filter((name) => name.endsWith('.md') && isSlug(name.slice(0, -3)))
      .map(async (name): Promise<NotebookEntry | null> => {
        const info = await lstat(join(folder, name)).catch(() => null);
        if (!info?.isFile()) return null;
        const slug = name.slice(0, -3);
        const file = await readNotebook(folder, slug).catch(() => null);
        return file && { slug, ...headOf(file.text, slug), modifiedAt: info.mtime.toISOString() };
      }),
  );
  return entries.filter((entry) => entry !== null).sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt));
}

/** Reads one notebook. @throws AppError notebook_not_found, too_large */
export async function readNotebook(folder: string, slug: string): Promise<NotebookFile> {
  const file = await findFile(folder, slug);
  if (!file) throw notFound(slug);
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if ((await handle.stat()).size > maxNotebookBytes) throw tooLarge();
    const text = (await handle.readFile()).toString('utf8');
    return { slug, text, etag: etagOf(text) };
  } finally {
    await handle.close();
  }
}

/**
 * Writes a notebook whole (temporary file, sync, rename) if the one on disk still has the tag `expected`.
 * Writing the text that is already there succeeds whatever the tag.
 * @throws NotebookConflict, AppError
 */
export async function saveNotebook(
  folder: string,
  slug: string,
  text: string,
  expected: string,
): Promise<NotebookFile> {
  // Before anything else: below, a name that cannot be found counts as one that may be made.
  if (!isSlug(slug)) throw notFound(slug);
  return locked(folder, slug, async () => {
    const current = await readNotebook(folder, slug).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'notebook_not_found') return null;
      throw error;
    });
    const etag = etagOf(text);
    if (current?.etag === etag) return current;
    if ((current?.etag ?? goneTag) !== expected) throw new NotebookConflict(current);
    const path = join(folder, `${slug}.md`);
    // A link or a folder of that name counts as no notebook, and is not replaced by one either.
    if (!current && (await lstat(path).catch(() => null))) throw notFound(slug);
    await writeWhole(path, text);
    return { slug, text, etag };
  });
}

/** Creates a notebook under the slug its title gives, with `-2`, `-3` … added where that is taken. */
export async function createNotebook(folder: string, title: string, text: string): Promise<NotebookFile> {
  if (Buffer.byteLength(text) > maxNotebookBytes) throw tooLarge();
  await mkdir(folder, { recursive: true });
  const base = toSlug(title);
  for (let attempt = 1; attempt < 1000; attempt++) {
    const slug = attempt === 1 ? base : `${base}-${attempt}`;
    try {
      const handle = await open(join(folder, `${slug}.md`), 'wx');
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return { slug, text, etag: etagOf(text) };
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
  }
  throw new AppError('key_conflict', `No free name for a notebook called "${title}": choose another title`);
}

/** Moves a notebook to the bin folder. Returns the name to restore it by. */
export async function binNotebook(folder: string, slug: string): Promise<string> {
  const file = await findFile(folder, slug);
  if (!file) throw notFound(slug);
  await mkdir(join(folder, binFolder), { recursive: true });
  const name = `${slug}.${randomUUID().slice(0, 8)}`;
  await rename(file, join(folder, binFolder, `${name}.md`));
  return name;
}

/** Brings a notebook back from the bin under its old slug, or a numbered one where that has been taken since. */
export async function restoreNotebook(folder: string, name: string): Promise<NotebookFile> {
  const slug = /^(.+)\.[0-9a-f]{8}$/.exec(name)?.[1];
  if (!slug || !isSlug(slug)) throw notFound(name);
  const binned = join(folder, binFolder, `${name}.md`);
  const handle = await open(binned, 'r').catch(() => null);
  if (!handle) throw notFound(slug);
  const text = await handle.readFile('utf8').finally(() => handle.close());
  const file = await createNotebook(folder, slug, text);
  await rm(binned);
  return file;
}

/** Path of a notebook's file, or null; a link out of the folder counts as missing. */
async function findFile(folder: string, slug: string): Promise<string | null> {
  if (!isSlug(slug)) return null;
  const file = join(folder, `${slug}.md`);
  if (!(await stat(file).catch(() => null))?.isFile()) return null;
  const [root, real] = await Promise.all([realpath(folder), realpath(file)]);
  return real === join(root, `${slug}.md`) ? real : null;
}

async function writeWhole(file: string, text: string): Promise<void> {
  if (Buffer.byteLength(text) > maxNotebookBytes) throw tooLarge();
  try {
    await replaceFile(file, text, { draft: `${file}.${randomUUID().slice(0, 8)}.tmp` });
  } catch (error) {
    if (isCode(error, 'ENOSPC')) {
      throw new AppError(
        'disk_full',
        'The disk is full: the notebook on disk is the last saved one; free some space and save again',
      );
    }
    throw error;
  }
}

const tails = new Map<string, Promise<unknown>>();

/** One writer a notebook at a time within this process, so that compare and rename are one step. */
async function locked<T>(folder: string, slug: string, work: () => Promise<T>): Promise<T> {
  const key = join(folder, slug);
  const run = (tails.get(key) ?? Promise.resolve()).then(work, work);
  tails.set(key, run);
  try {
    return await run;
  } finally {
    if (tails.get(key) === run) tails.delete(key);
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function notFound(slug: string): AppError {
  return new AppError('notebook_not_found', `There is no notebook "${slug.slice(0, 80)}" in this workspace`);
}

function tooLarge(): AppError {
  return new AppError('too_large', `A notebook may have at most ${maxNotebookBytes.toLocaleString('en')} bytes`);
}
