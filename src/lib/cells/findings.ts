import type { Group } from '#core/config/config.ts';
import { type Diagnostic, findCell, type Notebook } from '#core/notebook/notebook.ts';
import type { EditorFinding } from './yaml-editor.ts';

/** Line of the file with which the YAML of a cell begins; 1 where the file has no such cell. */
export function firstLineOf(notebook: Notebook, group: Group): number {
  return (findCell(notebook, group)?.span.line ?? 0) + 1;
}

/**
 * Findings on a cell at the lines of the cell's own text, which begins one line below its opening fence. One whose line
 * is not in that text, such as that of a fence, is left out: on the nearest line it would stand under a wrong number.
 */
export function findingsIn(
  notebook: Notebook,
  group: Group,
  diagnostics: readonly Diagnostic[],
): readonly EditorFinding[] {
  const cell = findCell(notebook, group);
  if (!cell) return [];
  const first = firstLineOf(notebook, group) - 1;
  const indent = /^ */.exec(cell.raw)?.[0].length ?? 0;
  const lines = cell.text.split('\n').length;
  return diagnostics
    .filter(({ span }) => span.line > first && span.line <= first + lines)
    .map(({ span, message, path }) => ({
      line: span.line - first,
      column: span.column - indent,
      endLine: span.endLine - first,
      endColumn: span.endColumn - indent,
      message: path && path !== group ? `${path}: ${message}` : message,
    }));
}
