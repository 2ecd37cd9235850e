import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { AppError } from '#core/error.ts';

/**
 * The notebook files that these words name: a file, the name of a notebook of the home, or every .md below a folder, in the
 * order of their names. Without words those of the home.
 * @throws AppError notebook_not_found naming the word that names nothing.
 */
export async function findNotebookFiles(words: readonly string[], notebooks: () => string): Promise<readonly string[]> {
  if (words.length === 0) return filesBelow(shorten(notebooks()));
  const files = await Promise.all(
    words.map(async (word) => {
      if (existsSync(word)) return (await stat(word)).isDirectory() ? filesBelow(word) : [word];
      const named = join(notebooks(), word.endsWith('.md') ? word : `${word}.md`);
      if (/^[\w-]+(\.md)?$/.test(word) && existsSync(named)) return [shorten(named)];
      throw new AppError(
        'notebook_not_found',
        `There is no ${word}. Expected a notebook, a folder of notebooks, or the name of a notebook in ${notebooks()}.`,
      );
    }),
  );
  return [...new Set(files.flat())];
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(({ code }: NodeJS.ErrnoException) => {
    throw new AppError(
      'notebook_not_found',
      `Cannot read the folder ${folder} (${code}); expected one with notebooks. Check its name and permissions.`,
    );
  });
  const files = await Promise.all(
    entries
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
      .map((entry): readonly string[] | Promise<readonly string[]> => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return filesBelow(path);
        return entry.isFile() && entry.name.endsWith('.md') ? [path] : [];
      }),
  );
  return files.flat();
}

/** The path as seen from here, where it lies below. */
function shorten(path: string): string {
  const here = relative('.', path);
  return here === '' || here.startsWith('..') ? path : here;
}
