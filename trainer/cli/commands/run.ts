import { existsSync } from 'node:fs';
import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '#core/error.ts';
import { deadLink, isNotebookName, linkFault, readFileName } from '#core/notebook/notebook-name.ts';
import { requireUtf8 } from '#core/utf8.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { missingNotebook, requireNotebookName, requireNotebookSize } from '#trainer/sidecar/runs/read-notebook.ts';
import { answer } from '#trainer/cli/client.ts';
import type { CommandLine } from '#trainer/cli/command-line.ts';
import { withSidecar } from '#trainer/cli/connect.ts';
import { followToEnd } from '#trainer/cli/follow-to-end.ts';
import { issueLine } from '#trainer/cli/issue-line.ts';
import { jsonOption } from '#trainer/cli/json-option.ts';
import { nearNotebooks } from '#trainer/cli/notebook-paths.ts';

/** `almanac run`: exit code 0 only where the run completed. */
export function addRun(program: Command, { output, settings, end }: CommandLine): void {
  program
    .command('run')
    .summary('train a notebook, and follow the run to its end')
    .description(
      'Trains a notebook and follows the run to its end: a progress bar in a terminal, a line every five seconds in a ' +
        'file or pipe. Ctrl+C stops the run at its next step, with a checkpoint; a second Ctrl+C leaves at once.',
    )
    .argument('<notebook>', 'name of a notebook in ALMANAC_HOME/notebooks, or a path ending in .md')
    .argument('[override...]', "Hydra's: key=value sets, +key=value adds, ~key removes")
    .addOption(jsonOption('print nothing but the finished run, as show does'))
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  almanac run first-run train.epochs=5 model=large\n' +
        '  almanac run ./mine.md +features.timeframes.1h.adx={} ~features.timeframes.1h.macd',
    )
    .action(async (notebook: string, overrides: string[], { json = false }: { json?: boolean }) => {
      const here = settings();
      const request = await readRequest(here, notebook, overrides);
      const code = await withSidecar(here, async (client) => {
        const made = answer(client.runs.$post({ json: request }));
        const { id, warnings } = await made.catch(async (error: unknown) => {
          if (!(error instanceof AppError) || error.code !== 'notebook_not_found') throw inFile(error, notebook);
          // The sidecar knows its home only, and the person may have meant a file of this folder.
          throw await missingNotebook(here.notebooks, notebook, await nearNotebooks(notebook, here.notebooks));
        });
        for (const warning of warnings) output.note(`warning: ${issueLine(warning)}`);
        return followToEnd(client, id, { json, output });
      });
      end(code);
    });
}

/** A slug, or a file: of a file the text is sent, so that it may lie anywhere. */
async function readRequest(settings: Settings, notebook: string, overrides: string[]) {
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
