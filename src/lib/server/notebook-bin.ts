import { link, lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotebookName } from '#core/notebook/notebook-name.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { syncFolder } from '#disk/sync-folder.ts';
import type { BinnedNotebook } from '#lib/api/entry.ts';
import { headOf } from './head.ts';
import { etagOf, findFile, maxNotebookBytes, missing, notFound, underFreeName } from './notebook-files.ts';

const binFolder = '.bin';

/** `<slug>.<ms since 1970 as 11 digits of base 16>`; of older versions, whose eight digits were drawn, the time is not known. */
const binnedName = /^(.+)\.([0-9a-f]{8}|[0-9a-f]{11})$/;

/** Moves a notebook to the bin folder. Returns the name to restore it by. */
export async function binNotebook(folder: string, slug: string, now = Date.now()): Promise<string> {
  const file = await findFile(folder, slug);
  if (!file) throw await missing(folder, slug);
  await mkdir(join(folder, binFolder), { recursive: true });
  let at = now;
  while (await isThere(binnedPath(folder, toBinnedName(slug, at)))) at++;
  const name = toBinnedName(slug, at);
  await rename(file, binnedPath(folder, name));
  await syncFolder(folder);
  return name;
}

/**
 * Brings a notebook back from the bin under its old name, or a numbered one where that has been taken since: the very
 * file, byte for byte.
 */
export async function restoreNotebook(folder: string, name: string): Promise<{ slug: string; etag: string }> {
  const old = binnedName.exec(name)?.[1];
  if (!old || !isNotebookName(old)) throw notFound(name);
  const binned = binnedPath(folder, name);
  if (!(await lstat(binned).catch(() => null))?.isFile()) throw notFound(old);
  const slug = await underFreeName(old, (free) => link(binned, join(folder, `${free}.md`)));
  await rm(binned);
  return { slug, etag: etagOf(await readFile(join(folder, `${slug}.md`))) };
}

/** What lies in the bin, the last to come first; those of which the time is not known at the end. */
export async function listBinned(folder: string): Promise<readonly BinnedNotebook[]> {
  const names = await binnedNames(folder);
  const found = await Promise.all(names.map((name) => describeBinned(folder, name)));
  return found
    .flatMap((entry) => entry ?? [])
    .sort((a, b) => (b.binnedAt ?? '').localeCompare(a.binnedAt ?? '') || a.slug.localeCompare(b.slug));
}

/** Removes all notebooks of the bin for good; says how many went and what that freed. */
export async function emptyNotebookBin(
  folder: string,
): Promise<{ readonly notebooks: number; readonly bytes: number }> {
  let [notebooks, bytes] = [0, 0];
  for (const name of await binnedNames(folder)) {
    const file = binnedPath(folder, name);
    const info = await lstat(file).catch(() => null);
    if (!info?.isFile()) continue;
    await rm(file);
    notebooks++;
    bytes += info.size;
  }
  return { notebooks, bytes };
}

/** Null for what is no file any more. */
async function describeBinned(folder: string, name: string): Promise<BinnedNotebook | null> {
  const file = binnedPath(folder, name);
  const info = await lstat(file).catch(() => null);
  const [, slug, time] = binnedName.exec(name) ?? [];
  if (!info?.isFile() || slug === undefined) return null;
  // What can only be restored, not read, still bears its name.
  const text = info.size > maxNotebookBytes ? '' : await readFile(file, 'utf8').catch(() => '');
  return {
    restore: name,
    slug,
    title: headOf(parseNotebook(text), slug).title,
    bytes: info.size,
    binnedAt: time.length === 11 ? new Date(Number.parseInt(time, 16)).toISOString() : null,
  };
}

async function binnedNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(join(folder, binFolder)).catch(() => []);
  return files
    .flatMap((file) => (file.endsWith('.md') ? [file.slice(0, -'.md'.length)] : []))
    .filter((name) => isNotebookName(binnedName.exec(name)?.[1] ?? ''));
}

function toBinnedName(slug: string, at: number): string {
  return `${slug}.${at.toString(16).padStart(11, '0')}`;
}

function binnedPath(folder: string, name: string): string {
  return join(folder, binFolder, `${name}.md`);
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => null)) !== null;
}
