import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dirent } from 'node:fs';
import { didYouMean, nearest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import { setTitle } from '#core/notebook/edit.ts';
import {
  findNameFault,
  isNotebookName,
  linkFault,
  readFileName,
  toNotebookName,
} from '#core/notebook/notebook-name.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { findTerms, type SearchTerm, searchTerms } from '#core/notebook/search.ts';
import { requireUtf8 } from '#core/utf8.ts';
import { createFile } from '#disk/create-file.ts';
import { isDiskFull } from '#disk/full-disk.ts';
import { replaceFile } from '#disk/replace-file.ts';
import { syncFolder } from '#disk/sync-folder.ts';
import type { NotebookEntry, NotebookList, UnusableFile } from '#lib/api/entry.ts';
import { goneTag } from '#lib/api/gone-tag.ts';
import { inTurn } from './in-turn.ts';
import { headOf } from './head.ts';

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

/** Strong ETag of a text: sha256 of its UTF-8 bytes, quoted as HTTP wants it. */
export function etagOf(text: string | Uint8Array): string {
  return `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`;
}

/**
 * Every notebook of a folder, newest change first, and every file that looks like one and cannot be, with the reason; of
 * the notebooks those in whose words, keys and values a `search` is found.
 */
export async function listNotebooks(folder: string, search = ''): Promise<NotebookList> {
  const files = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const terms = searchTerms(search);
  const found = await Promise.all(files.map((file) => listFile(folder, file, terms)));
  return {
    notebooks: found
      .flatMap((file) => (file && 'slug' in file ? [file] : []))
      .sort((a, b) => b.modifiedAt.localeCompare(a.modifiedAt)),
    unusable: found
      .flatMap((file) => (file && 'reason' in file ? [file] : []))
      .sort((a, b) => (a.file < b.file ? -1 : 1)),
  };
}

async function listFile(
  folder: string,
  file: Dirent,
  terms: readonly SearchTerm[],
): Promise<NotebookEntry | UnusableFile | null> {
  const named = readFileName(file.name);
  if (named === null) return null;
  const unusable = (reason: string) => ({ file: file.name, reason });
  if (named.fault !== null) return file.isDirectory() ? null : unusable(`its name ${named.fault}`);
  if (file.isSymbolicLink()) return unusable(`it ${linkFault}`);
  if (!file.isFile()) return unusable('it is no file');
  const slug = named.name;
  try {
    const [info, { text }] = await Promise.all([lstat(join(folder, file.name)), readNotebook(folder, slug)]);
    const notebook = parseNotebook(text);
    const entry = { slug, ...headOf(notebook, slug), modifiedAt: info.mtime.toISOString() };
    if (terms.length === 0) return entry;
    const found = findTerms(notebook, terms, `${entry.title} (${slug})`);
    return found && { ...entry, found };
  } catch (error) {
    if (isCode(error, 'ENOENT') || (error instanceof AppError && error.code === 'notebook_not_found')) return null;
    if (error instanceof AppError) return unusable(error.message);
    return unusable(`the system refuses to read it (${codeOf(error) ?? 'unknown'}); check its permissions`);
  }
}

/** Reads one notebook. @throws AppError notebook_not_found, too_large, invalid_notebook where it is not UTF-8 */
export async function readNotebook(folder: string, slug: string): Promise<NotebookFile> {
  const file = await findFile(folder, slug);
  if (!file) throw await missing(folder, slug);
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if ((await handle.stat()).size > maxNotebookBytes) throw tooLarge();
    const text = requireUtf8(await handle.readFile());
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
  if (!isNotebookName(slug)) throw notFound(slug);
  return inTurn(join(folder, slug), async () => {
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

/** Creates a notebook under the name its title gives, with `-2`, `-3` … added where that is taken. */
export async function createNotebook(folder: string, title: string, text: string): Promise<NotebookFile> {
  if (Buffer.byteLength(text) > maxNotebookBytes) throw tooLarge();
  // Half a surrogate pair, which JSON can hold, would be another character on disk.
  if (!text.isWellFormed())
    throw new AppError('invalid_request', 'Expected text, received half a character (a surrogate)');
  await mkdir(folder, { recursive: true });
  const draft = join(folder, `new.md.${randomUUID().slice(0, 8)}.tmp`);
  try {
    await createFile(draft, text);
    const slug = await underFreeName(toNotebookName(title), (name) => link(draft, join(folder, `${name}.md`)));
    await syncFolder(folder);
    return { slug, text, etag: etagOf(text) };
  } finally {
    await rm(draft, { force: true });
  }
}

/** The first of `base`, `base-2`, `base-3` … under which `make` finds no file; `make` fails with EEXIST where it does. */
export async function underFreeName(base: string, make: (name: string) => Promise<void>): Promise<string> {
  for (let attempt = 1; attempt < 1000; attempt++) {
    const name = attempt === 1 ? base : `${base.slice(0, 90)}-${attempt}`;
    try {
      await make(name);
      return name;
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
    }
  }
  throw new AppError('key_conflict', `No free name for a notebook called "${base}": choose another title`);
}

/**
 * Gives a notebook another title, another name, or both. Its text keeps every byte but those of the title.
 * @throws AppError key_conflict where another has the name, invalid_request where the rule for names forbids it.
 */
export async function renameNotebook(
  folder: string,
  slug: string,
  { title, name = slug }: { readonly title?: string; readonly name?: string },
): Promise<{ readonly slug: string }> {
  const fault = findNameFault(name);
  if (fault !== null) throw new AppError('invalid_request', `The name ${JSON.stringify(name.slice(0, 120))} ${fault}`);
  return inTurn(join(folder, slug), async () => {
    const { text } = await readNotebook(folder, slug);
    const to = join(folder, `${name}.md`);
    if (name !== slug && (await lstat(to).catch(() => null)) !== null) throw taken(name);
    const titled = title === undefined ? text : setTitle(text, title);
    if (titled !== text) await writeWhole(join(folder, `${slug}.md`), titled);
    if (name === slug) return { slug };
    const from = join(folder, `${slug}.md`);
    await link(from, to).catch((cause: unknown) => {
      throw isCode(cause, 'EEXIST') ? taken(name) : cause;
    });
    await rm(from);
    await syncFolder(folder);
    return { slug: name };
  });
}

/** A notebook with the same cells and prose under the next free name, its title marked as a copy's. */
export async function duplicateNotebook(folder: string, slug: string): Promise<NotebookFile> {
  const { text } = await readNotebook(folder, slug);
  const title = `${headOf(parseNotebook(text), slug).title} (copy)`;
  return createNotebook(folder, title, setTitle(text, title));
}

/** Path of a notebook's file, or null; a link out of the folder counts as missing. */
export async function findFile(folder: string, slug: string): Promise<string | null> {
  if (!isNotebookName(slug)) return null;
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
    if (isDiskFull(error)) {
      throw new AppError(
        'disk_full',
        'The disk is full: the notebook on disk is the last saved one; free some space and save again',
      );
    }
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function isCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

export function notFound(slug: string, next = ''): AppError {
  return new AppError('notebook_not_found', `There is no notebook "${slug.slice(0, 100)}" in this workspace.${next}`);
}

/** As notFound, with what is wrong with the name, or the notebooks whose names are near. */
export async function missing(folder: string, slug: string): Promise<AppError> {
  const fault = findNameFault(slug);
  if (fault !== null) return notFound(slug, ` The name ${fault}.`);
  const file = await lstat(join(folder, `${slug}.md`)).catch(() => null);
  if (file?.isSymbolicLink()) return notFound(slug, ` Its file ${linkFault}.`);
  const files = await readdir(folder).catch(() => []);
  const names = files.flatMap((file) => readFileName(file)?.name ?? []).filter((name) => name !== slug);
  return notFound(slug, didYouMean(nearest(slug, names.sort(), 3)));
}

function taken(name: string): AppError {
  return new AppError('key_conflict', `There is a notebook "${name}" already: choose another name`);
}

function tooLarge(): AppError {
  return new AppError('too_large', `A notebook may have at most ${maxNotebookBytes.toLocaleString('en')} bytes`);
}
