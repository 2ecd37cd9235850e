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
  hasErrors,
  type Notebook,
  serializeNotebook,
} from './notebook.ts';

/** A notebook with everything that is wrong in it, in its text and in its configuration, each finding at its place. */
interface CheckedNotebook extends Compiled {
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles the cells of a notebook with `config` under them and `overrides` over them. `config` is null on any error. */
export function checkNotebook(
  notebook: Notebook,
  parts: { readonly config?: unknown; readonly overrides?: readonly string[] } = {},
): CheckedNotebook {
  const compiled = compileConfig({ ...parts, cells: cellValues(notebook) });
  const diagnostics = diagnose(notebook, compiled.issues);
  return { ...compiled, config: hasErrors(notebook) ? null : compiled.config, diagnostics };
}

/** Everything that is wrong with a notebook: the findings in its text, then the issues of its configuration. */
function diagnose(notebook: Notebook, issues: readonly Issue[]): readonly Diagnostic[] {
  return [...notebook.diagnostics, ...diagnoseIssues(notebook, issues)];
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
    const span = index.span(place?.[0] ?? 0, place?.[1] ?? 0);
    return { code: 'invalid_config', severity: 'error', message, span, path, ...(cell ? { cell: cell.kind } : {}) };
  });
}

/** Offsets in the file of the value at a path, else of the deepest key that is there, else of the opening fence. */
function locate(cell: Cell, keys: readonly string[]): readonly [number, number] {
  const { document } = parseYaml(cell.text);
  let node: unknown = document?.contents;
  let place: readonly [number, number] = [cell.start, cell.start + cell.raw.split(/\r?\n/, 1)[0].length];
  for (let depth = 0; depth < keys.length && isMapNode(node); depth++) {
    // A key of the file may hold dots itself: then it is the rest of the path.
    const wanted = [keys[depth], keys.slice(depth).join('.')];
    const pair = node.items.find((item) => isScalar(item.key) && wanted.includes(String(item.key.value)));
    if (!pair || !isScalar(pair.key) || !pair.key.range) break;
    const [start, keyEnd] = pair.key.range;
    const isLast = depth === keys.length - 1;
    const value = isScalar(pair.value) ? pair.value.range : undefined;
    const range = isLast && value && value[1] > value[0] ? [value[0], value[1]] : [start, keyEnd];
    place = [fileOffset(cell, range[0]), fileOffset(cell, range[1])];
    node = pair.value;
  }
  return place;
}
