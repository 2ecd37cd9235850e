import type { Group } from '#core/config/config.ts';
import type { Issue } from '#core/error.ts';
import { diagnoseText, issuesOf } from '#core/notebook/diagnose.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { placeError } from '#core/notebook/place-error.ts';

/** What a run needs of a notebook: the values of its cells, its title, and what is wrong with its text. */
export interface NotebookCells {
  readonly cells: Readonly<Partial<Record<Group, unknown>>>;
  readonly title: string | null;
  /** What stands in the way of a run, in the order of the file. */
  readonly errors: readonly Issue[];
  /** What does not, and may be a mistake all the same. */
  readonly warnings: readonly Issue[];
  /** An error with the lines at which its keys are written, those of the overrides apart. */
  place(error: unknown, overrides?: readonly string[]): unknown;
}

export function readCells(text: string): NotebookCells {
  const notebook = parseNotebook(text);
  const found = diagnoseText(notebook);
  return {
    cells: cellValues(notebook),
    title: notebook.frontMatter?.title ?? null,
    errors: issuesOf(found.filter(({ severity }) => severity === 'error')),
    warnings: issuesOf(found.filter(({ severity }) => severity === 'warning')),
    place: (error, overrides) => placeError(error, notebook, overrides),
  };
}
