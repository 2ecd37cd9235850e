import { isMap as isMapNode, isScalar, type YAMLMap } from 'yaml';
import { type Compiled, compileConfig, dropGroups } from '#core/config/compile.ts';
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
  const config = hasErrors(notebook) ? null : compiled.config;
  return { ...compiled, config, groups: dropGroups(compiled.groups, unreadGroups(notebook)), diagnostics };
}

/** Groups that the text says something of which cannot be read: their defaults are not what was meant. */
function unreadGroups(notebook: Notebook): readonly Group[] {
  const errors = notebook.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.some(({ code, cell }) => !cell && (code === 'too_large' || code === 'line_ends'))) return groups;
  return groups.filter((group) => {
    const isThere = findCell(notebook, group) !== undefined;
    return errors.some(({ cell, hides }) => cell === group || (hides === group && !isThere));
  });
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
    const place = placeOf(notebook, issue.path)?.place;
    // Else it came with the request: no line of the file says it.
    if (!place?.isWritten) return issue;
    const { line, column } = index.span(place.start, place.end);
    return { ...issue, line, column };
  });
}

/** The cell of a dotted key, and where in the file it stands; undefined where the file has no such cell. */
function placeOf(notebook: Notebook, path: string): { readonly cell: Cell; readonly place: Place } | undefined {
  const [group, ...keys] = path.split('.');
  const cell = (groups as readonly string[]).includes(group) ? findCell(notebook, group as Group) : undefined;
  return cell && { cell, place: locate(cell, keys) };
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
    const { cell, place } = placeOf(notebook, path) ?? {};
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
  for (let depth = 0; depth < keys.length && isMapNode(node);) {
    const found = findPair(node, keys.slice(depth));
    if (!found) break;
    depth += found.length;
    const { key, value } = found;
    const isLast = depth === keys.length;
    const range = isLast && value?.range && value.range[1] > value.range[0] ? value.range : key;
    place = { start: fileOffset(cell, range[0]), end: fileOffset(cell, range[1]), isWritten: true };
    node = found.node;
  }
  return place;
}

/** The pair of a map with which a way begins. A key may hold dots itself, so it may be several steps: the most that fit. */
function findPair(map: YAMLMap, keys: readonly string[]) {
  for (let length = keys.length; length > 0; length--) {
    const wanted = keys.slice(0, length).join('.');
    const pair = map.items.find(({ key }) => isScalar(key) && String(key.value) === wanted);
    if (!pair || !isScalar(pair.key) || !pair.key.range) continue;
    return { length, key: pair.key.range, value: isScalar(pair.value) ? pair.value : undefined, node: pair.value };
  }
  return undefined;
}
