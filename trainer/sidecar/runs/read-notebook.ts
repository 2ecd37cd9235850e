import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { didYouMean, nearest } from '#core/config/suggestion.ts';
import { AppError } from '#core/error.ts';
import {
  findNameFault,
  isNotebookName,
  linkFault,
  readFileName,
  toNotebookName,
} from '#core/notebook/notebook-name.ts';
import { requireUtf8 } from '#core/utf8.ts';

const maxBytes = 1_000_000;

/** Text of `<folder>/<name>.md`. @throws AppError notebook_not_found, too_large over 1 MB, invalid_notebook if not UTF-8. */
export async function readNotebook(folder: string, name: string): Promise<string> {
  requireNotebookName(name);
  const root = await realpath(folder).catch(() => null);
  if (root === null) throw await missingNotebook(folder, name);
  const path = join(root, `${name}.md`);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null);
  if (file === null) throw await missingNotebook(folder, name);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw await missingNotebook(folder, name);
    requireNotebookSize(stat.size);
    return requireUtf8(await file.readFile());
  } finally {
    await file.close();
  }
}

/** @throws AppError too_large over 1 MB, before anything is parsed. */
export function requireNotebookSize(bytes: number): void {
  if (bytes <= maxBytes) return;
  throw new AppError(
    'too_large',
    `The notebook has ${bytes.toLocaleString('en-US')} bytes; expected ${maxBytes.toLocaleString('en-US')} at most. ` +
      'Keep data in files of their own, which data.source names.',
  );
}

/** @throws AppError notebook_not_found for a name that no notebook can have. */
export function requireNotebookName(name: string): void {
  const fault = findNameFault(name);
  if (fault === null) return;
  // Of a path nothing is repeated that was not typed so.
  const next = /[/\\]/.test(name) ? '' : ` Rename its file, to ${toNotebookName(name)}.md for example.`;
  throw new AppError('notebook_not_found', `There can be no notebook ${quote(name)}: its name ${fault}.${next}`);
}

/** The refusal of a notebook that is not there; it says what was probably meant: `near`, else the names that are near. */
export async function missingNotebook(folder: string, name: string, near?: readonly string[]): Promise<AppError> {
  const slug = name.replace(/\.md$/, '');
  const file = isNotebookName(slug) ? await lstat(join(folder, `${slug}.md`)).catch(() => null) : null;
  if (file?.isSymbolicLink()) {
    return new AppError('notebook_not_found', `There is no notebook ${quote(name)}: its file ${linkFault}.`);
  }
  const names = await notebookNames(folder);
  const listed = names.length === 0 ? 'there is none yet' : `there are ${names.slice(0, 10).join(', ')}`;
  return new AppError(
    'notebook_not_found',
    `There is no notebook ${quote(name)}.${didYouMean(near ?? nearest(name, names, 3))} Expected the name of a .md file in the notebooks folder of ` +
      `ALMANAC_HOME, without its ending; ${listed}${names.length > 10 ? ', …' : ''}.`,
  );
}

/** Names of the notebooks of a folder, sorted; none where it cannot be read. */
export async function notebookNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isFile() && readFileName(entry.name)?.name) || []).sort();
}

function quote(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
