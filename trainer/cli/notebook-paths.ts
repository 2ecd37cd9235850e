import type { Dirent } from 'node:fs';
import { lstat, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { didYouMean, nearest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import { isNotebookName, linkFault, readFileName } from '#core/notebook/notebook-name.ts';
import { notebookNames } from '#trainer/sidecar/runs/read-notebook.ts';

/** A file to check. */
interface NotebookPath {
  readonly path: string;
  /** Found below a folder: among others there may be Markdown that is no notebook. */
  readonly isFound: boolean;
  /** Why it is no notebook though it lies in the home, as the end of a sentence; null elsewhere, where any file will do. */
  readonly fault: string | null;
}

/**
 * The notebook files that these words name: a file, the name of a notebook of the home, or every .md below a folder, in the
 * order of their names. Without words those of the home.
 * @throws AppError notebook_not_found naming the word that names nothing, and what is near it; also where there is none.
 */
export async function findNotebookFiles(
  words: readonly string[],
  notebooks: () => string,
): Promise<readonly NotebookPath[]> {
  const home = notebooks();
  const folders = words.length === 0 ? [shorten(home)] : words;
  const files = await Promise.all(
    folders.map(async (word) => {
      const file = await lstat(word).catch(() => null);
      if (file !== null) {
        return (await isFolder(word)) ? filesBelow(word, home) : [await named(word, home)];
      }
      const name = word.replace(/\.md$/, '');
      const path = join(home, `${name}.md`);
      if (isNotebookName(name) && (await lstat(path).catch(() => null)) !== null)
        return [await named(shorten(path), home)];
      const near = await nearNotebooks(word, home);
      const wanted = `Expected a notebook, a folder of notebooks, or the name of a notebook in ${home}.`;
      throw new AppError('notebook_not_found', `There is no ${word}.${didYouMean(near)} ${wanted}`);
    }),
  );
  const found = [...new Map(files.flat().map((file) => [file.path, file])).values()];
  if (found.length > 0) return found;
  throw new AppError(
    'notebook_not_found',
    `There is no notebook in ${folders.join(', ')}. Expected files ending in .md, there or in folders below.`,
  );
}

/** A file that was asked for. */
async function named(path: string, home: string): Promise<NotebookPath> {
  const isOurs = resolve(dirname(path)) === resolve(home);
  const isLink = isOurs && (await lstat(path)).isSymbolicLink();
  return { path, isFound: false, fault: isLink ? `it ${linkFault}` : null };
}

/** What a word that names no notebook was probably meant to name, three at most: a file where it leads, or one of the home. */
export async function nearNotebooks(word: string, notebooks: string): Promise<readonly string[]> {
  const folder = dirname(word);
  const wanted = basename(word).replace(/\.\w+$/, '');
  const beside = nearest(wanted, await notebookNames(folder), 3).map((name) => join(folder, `${name}.md`));
  const ours = resolve(folder) === resolve(notebooks) ? [] : nearest(wanted, await notebookNames(notebooks), 3);
  const isPath = /[/\\]/.test(word);
  return (isPath ? [...beside, ...ours] : [...ours, ...beside]).slice(0, 3);
}

async function filesBelow(folder: string, home: string): Promise<readonly NotebookPath[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(({ code }: NodeJS.ErrnoException) => {
    throw new AppError(
      'notebook_not_found',
      `Cannot read the folder ${folder} (${code}); expected one with notebooks. Check its name and permissions.`,
    );
  });
  const isHome = resolve(folder) === resolve(home);
  const files = await Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => name !== 'node_modules' && (isHome || !name.startsWith('.')))
      .map(async (entry): Promise<readonly NotebookPath[]> => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : filesBelow(path, home);
        const fault = isHome ? faultOf(entry) : null;
        if (fault !== null) return [{ path, isFound: true, fault }];
        if (!entry.name.endsWith('.md')) return [];
        // A link that leads nowhere is told; one to a folder is not followed, for it may lead in a circle.
        const isFile = entry.isSymbolicLink() ? !(await isFolder(path)) : entry.isFile();
        return isFile ? [{ path, isFound: true, fault: null }] : [];
      }),
  );
  return files.flat();
}

/** Why a file of the home is no notebook though it looks like one. */
function faultOf(entry: Dirent): string | null {
  const name = readFileName(entry.name);
  if (name === null) return null;
  if (name.fault !== null) return `its name ${name.fault}`;
  return entry.isSymbolicLink() ? `it ${linkFault}` : null;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** The path as seen from here, where it lies below. */
function shorten(path: string): string {
  const here = relative('.', path);
  return here === '' || here.startsWith('..') ? path : here;
}
