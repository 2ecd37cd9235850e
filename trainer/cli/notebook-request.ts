import { existsSync } from 'node:fs';
import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { AppError } from '#core/error.ts';
import { deadLink, isNotebookName, linkFault, readFileName } from '#core/notebook/notebook-name.ts';
import { requireUtf8 } from '#core/utf8.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { missingNotebook, requireNotebookName, requireNotebookSize } from '#trainer/sidecar/runs/read-notebook.ts';
import { nearNotebooks } from './notebook-paths.ts';

/** A notebook as the sidecar is asked about it: by its slug, by its text, or both. */
interface NotebookRequest {
  readonly notebook?: string;
  readonly source?: string;
  readonly name?: string;
  readonly overrides: string[];
}

/**
 * What to ask the sidecar of a notebook that a person named: a slug, or a file, of which the text is sent, so that it may
 * lie anywhere. @throws AppError notebook_not_found, or of the file
 */
export async function readRequest(settings: Settings, notebook: string, overrides: string[]): Promise<NotebookRequest> {
  const path = resolve(notebook);
  const link = await lstat(path).catch(() => null);
  if (link?.isSymbolicLink() && dirname(path) === resolve(settings.notebooks))
    throw unusable(notebook, `this ${linkFault}`);
  if (link?.isSymbolicLink() && !existsSync(path)) throw unusable(notebook, `this ${deadLink}`);
  if (link === null || !path.endsWith('.md')) {
    return { notebook: await toName(settings, notebook, path), overrides };
  }
  const source = await readNotebookFile(notebook, path);
  const slug = basename(path, '.md');
  const isOurs = dirname(path) === resolve(settings.notebooks) && isNotebookName(slug);
  if (isOurs) return { source, overrides, notebook: slug };
  const { readCells } = await import('#trainer/sidecar/runs/notebook-cells.ts');
  return { source, overrides, name: readCells(source).title ?? slug };
}

/** The name that a word gives, whether there is such a notebook or not. @throws AppError notebook_not_found where it can be none. */
async function toName({ notebooks }: Settings, word: string, path: string): Promise<string> {
  const fault = existsSync(path) ? readFileName(basename(path))?.fault : undefined;
  if (fault) throw unusable(word, `its name ${fault}`);
  const name = word.replace(/\.md$/, '');
  if (isNotebookName(name)) return name;
  // A path is no name, so there is nothing to say of its slashes and dots.
  if (!/[./\\]/.test(name)) requireNotebookName(name);
  throw await missingNotebook(notebooks, word, await nearNotebooks(word, notebooks));
}

function unusable(typed: string, why: string): AppError {
  const message = `Cannot read ${typed}: expected a notebook, a text file ending in .md; ${why}.`;
  return new AppError('notebook_not_found', message);
}

async function readNotebookFile(typed: string, path: string): Promise<string> {
  const file = await stat(path);
  if (!file.isFile()) throw unusable(typed, 'this is no file');
  requireNotebookSize(file.size);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw unusable(typed, `the system refuses it (${error.code ?? error.message}); check its permissions`);
  });
  try {
    return requireUtf8(bytes);
  } catch (error) {
    throw inFile(error, typed);
  }
}

/** An error at a line, with the file that the line is of. */
function inFile(error: unknown, typed: string): unknown {
  if (!(error instanceof AppError) || error.issues[0]?.line === undefined) return error;
  const { code, message, issues } = error;
  return new AppError(code, `${typed.endsWith('.md') ? typed : `${typed}.md`}: ${message}`, { issues, cause: error });
}

/** A refusal by the sidecar with the file that its line is of, or with what notebooks there are. */
export async function placeRefusal(error: unknown, { notebooks }: Settings, notebook: string): Promise<unknown> {
  if (!(error instanceof AppError) || error.code !== 'notebook_not_found') return inFile(error, notebook);
  // The sidecar knows its home only, and the person may have meant a file of this folder.
  return missingNotebook(notebooks, notebook, await nearNotebooks(notebook, notebooks));
}
