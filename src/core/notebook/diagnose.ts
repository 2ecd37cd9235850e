import { isMap as isMapNode, isScalar } from 'yaml';
import { type Compiled, compileConfig } from '#core/config/compile.ts';
import { type Group, groups } from '#core/config/config.ts';
import { parseYaml } from '#core/config/yaml.ts';
import type { Issue } from '#core/error.ts';
import { LineIndex } from './lines.ts';
import {
  type Cell,
  cellValues,
  type Diagnostic,
  fileOffset,
  findCell,
  hasCells,
  hasErrors,
  type Notebook,
  serializeNotebook,
} from './notebook.ts';

/** A notebook with everything that is wrong in it, in its text and in its configuration, each finding at its place. */
interface CheckedNotebook extends Compiled {
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Compiles the cells of a notebook with `config` under them and `overrides` over them. `config` is null on any error of
 * the text or of the configuration; a text without a cell has one all the same, the defaults.
 */
export function checkNotebook(
  notebook: Notebook,
  parts: { readonly config?: unknown; readonly overrides?: readonly string[] } = {},
): CheckedNotebook {
  const compiled = compileConfig({ ...parts, cells: cellValues(notebook) });
  const diagnostics = [...diagnoseText(notebook), ...diagnoseIssues(notebook, compiled.issues)];
  return { ...compiled, config: hasErrors(notebook) ? null : compiled.config, diagnostics };
}

/** What is wrong with the text itself, whatever its cells say. */
export function diagnoseText(notebook: Notebook): readonly Diagnostic[] {
  return [...notebook.diagnostics, ...diagnoseEmpty(notebook)];
}

/** Any Markdown file would train the defaults else, a README as well. */
function diagnoseEmpty(notebook: Notebook): Diagnostic[] {
  if (hasCells(notebook) || hasErrors(notebook)) return [];
  const message =
    'expected at least one cell, received text alone; a cell is a block that begins with ```yaml data (or ' +
    `${groups.slice(1).join(', ')}) and ends with \`\`\`, with keys and values between`;
  const span = new LineIndex('').span(0, 0);
  return [{ code: 'no_cell', severity: 'error', message, span }];
}

/** Findings as issues of an answer, each at its line of the file. */
export function issuesOf(diagnostics: readonly Diagnostic[]): readonly Issue[] {
  return diagnostics.map(({ path, cell, message, span: { line, column } }) => {
    return { path: path ?? cell ?? '', message, line, column };
  });
}

/** Issues of a configuration with the line of the file at which their key, or one around it, is written. */
export function placeIssues(notebook: Notebook, issues: readonly Issue[]): readonly Issue[] {
  const index = new LineIndex(serializeNotebook(notebook));
  return issues.map((issue) => {
    const [group, ...keys] = issue.path.split('.');
    const cell = (groups as readonly string[]).includes(group) ? findCell(notebook, group as Group) : undefined;
    const place = cell && locate(cell, keys);
    // Else it came with the request: no line of the file says it.
    if (!place?.isWritten) return issue;
    const { line, column } = index.span(place.start, place.end);
    return { ...issue, line, column };
  });
}

/**
 * Findings of compileConfig as diagnostics: at the key they name, at the nearest map around it where the key is not
 * written, at the first line of the file where no cell is.
 */
function diagnoseIssues(notebook: Notebook, issues: readonly Issue[]): Diagnostic[] {
  const index = new LineIndex(serializeNotebook(notebook));
  return issues.map(({ path, message }): Diagnostic => {
    if (path.startsWith('overrides[')) {
      return { code: 'invalid_override', severity: 'error', message, span: index.span(0, 0), path };
    }
    const [group, ...keys] = path.split('.');
    const cell = (groups as readonly string[]).includes(group) ? findCell(notebook, group as Group) : undefined;
    const place = cell && locate(cell, keys);
    const span = index.span(place?.start ?? 0, place?.end ?? 0);
    return { code: 'invalid_config', severity: 'error', message, span, path, ...(cell ? { cell: cell.kind } : {}) };
  });
}

/** Offsets in a file; `isWritten`: of a key that was asked for, or one on the way to it. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly isWritten: boolean;
}

/** Where in the file the value at a path stands, else the deepest key that is there, else the opening fence. */
function locate(cell: Cell, keys: readonly string[]): Place {
  const { document } = parseYaml(cell.text);
  let node: unknown = document?.contents;
  const fence = cell.start + cell.raw.split(/\r?\n/, 1)[0].length;
  let place: Place = { start: cell.start, end: fence, isWritten: keys.length === 0 };
  for (let depth = 0; depth < keys.length && isMapNode(node); depth++) {
    // A key of the file may hold dots itself: then it is the rest of the path.
    const wanted = [keys[depth], keys.slice(depth).join('.')];
    const pair = node.items.find((item) => isScalar(item.key) && wanted.includes(String(item.key.value)));
    if (!pair || !isScalar(pair.key) || !pair.key.range) break;
    const [start, keyEnd] = pair.key.range;
    const isLast = depth === keys.length - 1;
    const value = isScalar(pair.value) ? pair.value.range : undefined;
    const range = isLast && value && value[1] > value[0] ? [value[0], value[1]] : [start, keyEnd];
    place = { start: fileOffset(cell, range[0]), end: fileOffset(cell, range[1]), isWritten: true };
    node = pair.value;
  }
  return place;
}
