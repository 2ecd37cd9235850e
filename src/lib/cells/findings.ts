import type { Group } from '#core/config/config.ts';
import { type Diagnostic, findCell, type Notebook } from '#core/notebook/notebook.ts';
import type { EditorFinding } from './yaml-editor.ts';

/** Findings on a cell at the lines of the cell's own text, which begins one line below its opening fence. */
export function findingsIn(
  notebook: Notebook,
  group: Group,
  diagnostics: readonly Diagnostic[],
): readonly EditorFinding[] {
  const cell = findCell(notebook, group);
  if (!cell) return [];
  const first = cell.span.line;
  const indent = /^ */.exec(cell.raw)?.[0].length ?? 0;
  return diagnostics.map(({ span, message, path }) => ({
    line: span.line - first,
    column: span.column - indent,
    endLine: span.endLine - first,
    endColumn: span.endColumn - indent,
    message: path && path !== group ? `${path}: ${message}` : message,
  }));
}
