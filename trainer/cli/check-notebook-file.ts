import { existsSync } from 'node:fs';
import { lstat, readFile, stat } from 'node:fs/promises';
import { AppError } from '#core/error.ts';
import { checkNotebook } from '#core/notebook/diagnose.ts';
import { deadLink } from '#core/notebook/notebook-name.ts';
import type { Diagnostic } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { parseUtf8 } from '#core/utf8.ts';
import { requireNotebookSize } from '#trainer/sidecar/runs/read-notebook.ts';

/** What is wrong at one place of a notebook file. */
export interface NotebookFinding {
  readonly file: string;
  /** From 1, as columns are. */
  readonly line: number;
  readonly column: number;
  readonly severity: Diagnostic['severity'];
  readonly code: string;
  /** Dotted key of the configuration, where it concerns one. */
  readonly path: string | null;
  readonly message: string;
}

/**
 * All that is wrong with a notebook file, in its order; a file that cannot be read is a finding as well. One that was only
 * found, not asked for, may be Markdown without cells, unless a block of it was probably meant as one.
 */
export async function checkNotebookFile(file: string, isFound = false): Promise<readonly NotebookFinding[]> {
  const whole = (code: string, message: string, place = { line: 1, column: 1 }): NotebookFinding => {
    return { file, ...place, severity: 'error', code, path: null, message };
  };
  try {
    const isDead = (await lstat(file)).isSymbolicLink() && !existsSync(file);
    if (isDead) return [whole('unreadable', `it ${deadLink}`)];
    const { size } = await stat(file);
    requireNotebookSize(size);
    const { text, fault } = parseUtf8(await readFile(file));
    if (fault !== null) return [whole('not_utf8', fault.message, { line: fault.line, column: fault.column })];
    const { diagnostics } = checkNotebook(parseNotebook(text));
    const isProse = isFound && !diagnostics.some(({ code }) => code === 'unknown_kind' || code === 'swallowed_cell');
    const found = diagnostics.map(({ span: { line, column }, severity, code, path = null, message }) => {
      const weight = isProse && code === 'no_cell' ? 'warning' : severity;
      return { file, line, column, severity: weight, code, path, message };
    });
    return found.sort((a, b) => a.line - b.line || a.column - b.column);
  } catch (error) {
    if (error instanceof AppError) return [whole(error.code, error.message)];
    const { code, message } = error as NodeJS.ErrnoException;
    return [whole('unreadable', `cannot be read (${code ?? message}); check the file and its permissions`)];
  }
}
