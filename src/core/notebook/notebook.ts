import type { Group } from '#core/config/config.ts';
import type { Span } from './lines.ts';

/** One finding at one place of a notebook file. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: Span;
  /** The cell it concerns. */
  readonly cell?: Group;
  /** The kind of a cell that this hides: it lies inside code that was never closed, and declares nothing. */
  readonly hides?: Group;
  /** Dotted configuration key, where it concerns one. */
  readonly path?: string;
}

type DiagnosticCode =
  | 'too_large'
  | 'too_deep'
  | 'line_ends'
  | 'yaml_syntax'
  | 'front_matter'
  | 'unclosed_fence'
  | 'merge_conflict'
  | 'unknown_kind'
  | 'swallowed_cell'
  | 'duplicate_cell'
  | 'not_a_map'
  | 'no_cell'
  | 'invalid_config'
  | 'invalid_override';

/** The head of the file, between two lines of ---. */
export interface FrontMatter {
  /** Exactly as in the file, fences and line ends included. */
  readonly raw: string;
  /** The YAML between the fences. */
  readonly text: string;
  /** Offset of `text` in the file. */
  readonly textStart: number;
  readonly title: string | null;
  /** All keys; empty where the YAML cannot be read. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** Markdown between cells: everything that is not a declaring cell, code blocks of other languages included. */
export interface Prose {
  readonly type: 'prose';
  readonly raw: string;
  readonly start: number;
  readonly span: Span;
}

/** A declaring cell. */
export interface Cell {
  readonly type: 'cell';
  readonly kind: Group;
  /** Exactly as in the file: fences, indentation and line ends included. */
  readonly raw: string;
  readonly start: number;
  readonly span: Span;
  /** The YAML without fences and without the indentation of the opening fence. */
  readonly text: string;
  /** Where the lines of `text` begin in the file; one more than its lines when it ends with a line end. */
  readonly lineStarts: readonly number[];
  /** The YAML's value: a map, or null for an empty cell; undefined where it cannot be read. */
  readonly value: unknown;
  /** False for the second and later cells of a kind: they do not count. */
  readonly counts: boolean;
}

export type Block = Prose | Cell;

/** A notebook file, read. Its parts are slices of the text: written out in order they are the text. */
export interface Notebook {
  /** A byte order mark, if the file begins with one. */
  readonly mark: string;
  readonly frontMatter: FrontMatter | null;
  readonly blocks: readonly Block[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The file again, character for character. */
export function serializeNotebook(notebook: Notebook): string {
  return notebook.mark + (notebook.frontMatter?.raw ?? '') + notebook.blocks.map(({ raw }) => raw).join('');
}

/** Whether anything is declared: prose alone is no notebook, but any Markdown file. */
export function hasCells(notebook: Notebook): boolean {
  return notebook.blocks.some(({ type }) => type === 'cell');
}

/** The cell of a kind that counts. */
export function findCell(notebook: Notebook, kind: Group): Cell | undefined {
  return notebook.blocks.find((block): block is Cell => block.type === 'cell' && block.kind === kind && block.counts);
}

/**
 * Why a value cannot be set in a cell of a kind: its YAML cannot be read, or it is swallowed by what stands before it.
 * null where it can, in a cell that is not there as well.
 */
export function findObstacle(notebook: Notebook, kind: Group): Diagnostic | null {
  const cell = findCell(notebook, kind);
  const isAbout = (diagnostic: Diagnostic) =>
    cell ? diagnostic.cell === kind && diagnostic.severity === 'error' : diagnostic.hides === kind;
  if (cell && cell.value !== undefined) return null;
  return notebook.diagnostics.find(isAbout) ?? null;
}

/** Values of the cells that count, as compileConfig takes them; a cell that cannot be read is left out. */
export function cellValues(notebook: Notebook): Partial<Record<Group, unknown>> {
  const cells = notebook.blocks.filter((block): block is Cell => block.type === 'cell' && block.counts);
  return Object.fromEntries(cells.filter(({ value }) => value !== undefined).map(({ kind, value }) => [kind, value]));
}

/** Whether something in the file itself, before any configuration is compiled, stands in the way of a run. */
export function hasErrors(notebook: Notebook): boolean {
  return notebook.diagnostics.some(({ severity }) => severity === 'error');
}

/** Place in the file of an offset in a cell's `text`. */
export function fileOffset(cell: Cell, offset: number): number {
  const before = cell.text.slice(0, offset);
  const line = before.split('\n').length - 1;
  return cell.lineStarts[line] + (offset - (before.lastIndexOf('\n') + 1));
}
