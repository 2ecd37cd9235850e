import type { Group } from '#core/config/config.ts';
import type { Issue } from '#core/error.ts';
import { cellValues } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';

/** What a run needs of a notebook: the values of its cells, its title, and what stands in the way. */
export interface NotebookCells {
  readonly cells: Readonly<Partial<Record<Group, unknown>>>;
  readonly title: string | null;
  readonly issues: readonly Issue[];
}

export function readCells(text: string): NotebookCells {
  const notebook = parseNotebook(text);
  const errors = notebook.diagnostics.filter(({ severity }) => severity === 'error');
  return {
    cells: cellValues(notebook),
    title: notebook.frontMatter?.title ?? null,
    issues: errors.map(({ code, path, cell, message, span }) => ({
      path: path ?? cell ?? '',
      message: `line ${span.line}: ${code === 'yaml_syntax' ? notYaml(message) : message}`,
    })),
  };
}

/** The parser's message alone says neither what was expected nor what to do. */
function notYaml(message: string): string {
  const next = 'expected lines of key: value, indented with spaces, every [, { and quote closed';
  return `this is not YAML: ${message.replace(/\.$/, '')}; ${next}`;
}
