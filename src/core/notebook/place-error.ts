import { parseOverride } from '#core/config/override.ts';
import { AppError } from '#core/error.ts';
import { placeIssues } from './diagnose.ts';
import type { Notebook } from './notebook.ts';

/**
 * An error with its issues at the lines of the notebook at which their keys are written, the first line in its message;
 * as it was where none is written there. What an override says is no line's fault.
 */
export function placeError(error: unknown, notebook: Notebook, overrides: readonly string[] = []): unknown {
  if (!(error instanceof AppError)) return error;
  const overridden = overrides.flatMap((text) => parseOverride(text).override?.path.join('.') ?? []);
  const issues = error.issues.map((issue) => {
    const isOverridden = overridden.some((key) => issue.path === key || issue.path.startsWith(`${key}.`));
    return isOverridden || issue.line !== undefined ? issue : placeIssues(notebook, [issue])[0];
  });
  if (issues.every(({ line }, index) => line === error.issues[index].line)) return error;
  const { line } = issues[0];
  const isSaid = line === undefined || line === error.issues[0].line;
  return new AppError(error.code, isSaid ? error.message : `line ${line}: ${error.message}`, {
    issues,
    cause: error.cause,
  });
}
