import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { didYouMean, nearest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import { isNotebookName, readFileName } from '#core/notebook/notebook-name.ts';
import { notebookNames } from '#trainer/sidecar/runs/read-notebook.ts';

/** A file to check. */
interface NotebookPath {
  readonly path: string;
  /** Found below a folder: among others there may be Markdown that is no notebook. */
  readonly isFound: boolean;
  /** Lies in the home, where its name is that of a notebook; null elsewhere, where any name will do. */
  readonly nameFault: string | null;
}

/**
 * The notebook files that these words name: a file, the name of a notebook of the home, or every .md below a folder, in the
 * order of their names. Without words those of the home.
 * @throws AppError notebook_not_found naming the word that names nothing, and what is near it.
 */
export async function findNotebookFiles(
  words: readonly string[],
  notebooks: () => string,
): Promise<readonly NotebookPath[]> {
  if (words.length === 0) return filesBelow(shorten(notebooks()), notebooks());
  const files = await Promise.all(
    words.map(async (word) => {
      if (existsSync(word)) {
        const isFolder = (await stat(word)).isDirectory();
        return isFolder ? filesBelow(word, notebooks()) : [{ path: word, isFound: false, nameFault: null }];
      }
      const name = word.replace(/\.md$/, '');
      const named = join(notebooks(), `${name}.md`);
      if (isNotebookName(name) && existsSync(named)) {
        return [{ path: shorten(named), isFound: false, nameFault: null }];
      }
      const near = await nearNotebooks(word, notebooks());
      const wanted = `Expected a notebook, a folder of notebooks, or the name of a notebook in ${notebooks()}.`;
      throw new AppError('notebook_not_found', `There is no ${word}.${didYouMean(near)} ${wanted}`);
    }),
  );
  return [...new Map(files.flat().map((file) => [file.path, file])).values()];
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
      .map((entry): readonly NotebookPath[] | Promise<readonly NotebookPath[]> => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : filesBelow(path, home);
        const name = isHome ? readFileName(entry.name) : null;
        if (name?.fault) return [{ path, isFound: true, nameFault: name.fault }];
        return entry.isFile() && entry.name.endsWith('.md') ? [{ path, isFound: true, nameFault: null }] : [];
      }),
  );
  return files.flat();
}

/** The path as seen from here, where it lies below. */
function shorten(path: string): string {
  const here = relative('.', path);
  return here === '' || here.startsWith('..') ? path : here;
}
