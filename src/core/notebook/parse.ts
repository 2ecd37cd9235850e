import { isScalar } from 'yaml';
import type { Group } from '#core/config/config.ts';
import { isMap } from '#core/config/document.ts';
import { shown } from '#core/config/expectation.ts';
import { closest } from '#core/config/suggestion.ts';
import { parseYaml } from '#core/config/yaml.ts';
import { conflictMessage, explainLine, loneReturnMessage } from '#core/config/yaml-trouble.ts';
import { type Conflict, findConflicts } from './conflict.ts';
import { type Fence, findFences, openFence } from './fences.ts';
import { findHiddenCells } from './hidden-cells.ts';
import { declaredKind, meantKind } from './info-string.ts';
import { type Line, LineIndex, splitLines } from './lines.ts';
import { type Block, type Cell, type Diagnostic, fileOffset, type FrontMatter, type Notebook } from './notebook.ts';

/** Longest notebook that is read as one, in UTF-16 units. */
const maxNotebookLength = 1_000_000;

/** Most lines that are read: a megabyte of line breaks would keep a server busy for half a second. */
const maxNotebookLines = 50_000;

/**
 * Reads a notebook file. Never throws: what is wrong with it is in `diagnostics`, and the text survives whole.
 *
 * @example
 * const notebook = parseNotebook('```yaml model\narchitecture: tcn\n```\n');
 * cellValues(notebook); // { model: { architecture: 'tcn' } }
 * notebook.diagnostics; // []
 */
export function parseNotebook(text: string): Notebook {
  const index = new LineIndex(text);
  const excess = findExcess(text);
  if (excess !== null) {
    const message = `${excess}; keep data and outputs out of the notebook`;
    const span = index.span(0, 0);
    return {
      mark: '',
      frontMatter: null,
      blocks: [{ type: 'prose', raw: text, start: 0, span: index.span(0, text.length) }],
      diagnostics: [{ code: 'too_large', severity: 'error', message, span }],
    };
  }
  return new Parser(text, index).parse();
}

function findExcess(text: string): string | null {
  if (text.length > maxNotebookLength) {
    return `expected at most ${maxNotebookLength} characters, received ${text.length}`;
  }
  let lines = 0;
  for (let at = 0; at < text.length && lines <= maxNotebookLines; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) lines++;
  }
  return lines > maxNotebookLines ? `expected at most ${maxNotebookLines} lines, received more` : null;
}

/** `title: 2024` is a number to YAML, and a title to who wrote it. */
function titleOf(value: unknown, document: ReturnType<typeof parseYaml>['document']): string | null {
  if (typeof value === 'string') return value;
  const written: unknown = document?.get('title', true);
  return (typeof value === 'number' || typeof value === 'boolean') && isScalar(written)
    ? (written.source ?? null)
    : null;
}

class Parser {
  readonly #text: string;
  readonly #index: LineIndex;
  readonly #mark: string;
  readonly #lines: readonly Line[];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #seen = new Set<Group>();
  #conflicts: readonly Conflict[] = [];

  constructor(text: string, index: LineIndex) {
    this.#text = text;
    this.#index = index;
    // The byte order mark is no part of the first line.
    this.#mark = text.startsWith('\ufeff') ? '\ufeff' : '';
    const from = this.#mark.length;
    this.#lines = splitLines(text.slice(from)).map((line) => ({ ...line, start: line.start + from }));
  }

  parse(): Notebook {
    const mark = this.#mark;
    this.#reportLoneReturns();
    const close = this.#lines[0]?.text.trimEnd() === '---' ? this.#frontMatterEnd() : -1;
    const { fences, html } = findFences(this.#lines, close + 1);
    this.#conflicts = this.#reportConflicts(fences, close);
    const frontMatter = this.#frontMatter(mark.length, close);
    const blocks: Block[] = [];
    let start = frontMatter ? mark.length + frontMatter.raw.length : mark.length;
    for (const fence of fences) {
      const kind = this.#kind(fence);
      if (!kind) continue;
      const from = this.#start(fence.open);
      if (from > start) blocks.push(this.#prose(start, from));
      const cell = this.#cell(fence, kind);
      blocks.push(cell);
      start = cell.start + cell.raw.length;
    }
    if (start < this.#text.length) blocks.push(this.#prose(start, this.#text.length));
    for (const { line, message } of findHiddenCells(this.#lines, { fences, html }, close + 1)) {
      const { start: at, text } = this.#lines[line];
      this.#report({ code: 'swallowed_cell', severity: 'warning', message }, at, at + text.length);
    }
    return { mark, frontMatter, blocks, diagnostics: this.#diagnostics };
  }

  /** Offset at which a line begins; the end of the text for the line after the last. */
  #start(line: number): number {
    return this.#lines[line]?.start ?? this.#text.length;
  }

  #report(finding: Omit<Diagnostic, 'span'>, start: number, end: number): void {
    // A hostile file could fill the page with them.
    if (this.#diagnostics.length >= 200) return;
    this.#diagnostics.push({ ...finding, span: this.#index.span(start, end) });
  }

  #prose(start: number, end: number): Block {
    return { type: 'prose', raw: this.#text.slice(start, end), start, span: this.#index.span(start, end) };
  }

  /** A file of CR alone is one line to all that follows: without cells, whatever it holds. */
  #reportLoneReturns(): void {
    const at = this.#text.indexOf('\r');
    if (at < 0 || this.#text.includes('\n')) return;
    this.#report({ code: 'line_ends', severity: 'error', message: loneReturnMessage }, at, at + 1);
  }

  /** An error where a cell or the front matter is in two versions: in words alone a person may have them. */
  #reportConflicts(fences: readonly Fence[], frontMatterEnd: number): readonly Conflict[] {
    const cells = fences.filter(({ info }) => declaredKind(info) !== undefined);
    const quoted = new Set<number>();
    for (const fence of fences) {
      if (declaredKind(fence.info) !== undefined) continue;
      for (let line = fence.open; line <= fence.close; line++) quoted.add(line);
    }
    const conflicts = findConflicts(this.#lines, (line) => quoted.has(line));
    for (const { first, last } of conflicts) {
      const cell = cells.find(({ open, close }) => open <= last && close >= first);
      const { start, text } = this.#lines[first];
      const severity = cell || first <= frontMatterEnd ? 'error' : 'warning';
      const finding = { code: 'merge_conflict', severity, message: conflictMessage } as const;
      const kind = cell && declaredKind(cell.info);
      this.#report({ ...finding, ...(kind ? { cell: kind } : {}) }, start, start + text.length);
    }
    return conflicts;
  }

  #isInConflict(first: number, last: number): boolean {
    return this.#conflicts.some((conflict) => conflict.first <= last && conflict.last >= first);
  }

  #frontMatterEnd(): number {
    return this.#lines.findIndex((line, i) => i > 0 && /^(---|\.\.\.)\s*$/.test(line.text));
  }

  /** `close` is the line that ends it, -1 where none does. */
  #frontMatter(markLength: number, close: number): FrontMatter | null {
    if (this.#lines[0]?.text.trimEnd() !== '---') return null;
    if (close < 0) {
      const message = 'expected a line of --- that ends the front matter, received the end of the file';
      this.#report({ code: 'front_matter', severity: 'warning', message }, markLength, markLength + 3);
      return null;
    }
    const textStart = this.#start(1);
    const text = this.#text.slice(textStart, this.#start(close));
    const { value, issues, document } = parseYaml(text);
    // A conflict in it was told already.
    for (const { message, start, end } of this.#isInConflict(0, close) ? [] : issues) {
      this.#report({ code: 'front_matter', severity: 'error', message }, textStart + start, textStart + end);
    }
    const values = isMap(value) ? value : {};
    if (issues.length === 0 && value !== null && !isMap(value)) {
      const message =
        (typeof value === 'string' && explainLine(value)) ||
        `expected keys and values such as "title: My notebook", received ${shown(value)}`;
      this.#report({ code: 'front_matter', severity: 'error', message }, textStart, textStart + text.length);
    }
    const raw = this.#text.slice(markLength, this.#start(close + 1));
    if (!('title' in values)) this.#checkTitleKey(Object.keys(values), text, textStart);
    return { raw, text, textStart, title: titleOf(values.title, document), values };
  }

  /** Other keys are free, so only one that was meant as the title is told. */
  #checkTitleKey(keys: readonly string[], text: string, textStart: number): void {
    const key = keys.find((one) => closest(one, ['title']) !== undefined && one.length > 2);
    if (key === undefined) return;
    const at = textStart + Math.max(0, text.search(new RegExp(`^["']?${key.replaceAll(/\W/g, '\\$&')}`, 'm')));
    const message = `unknown key ${shown(key)} in the front matter; did you mean title?`;
    this.#report({ code: 'front_matter', severity: 'warning', message }, at, at + key.length);
  }

  /** The kind of cell a fence declares; undefined for other code, with a word where a cell was probably meant. */
  #kind(fence: Fence): Group | undefined {
    const { open, close, mark, info } = fence;
    const kind = declaredKind(info);
    if (kind) return kind;
    const { start, text } = this.#lines[open];
    const report = (code: 'unknown_kind' | 'unclosed_fence', message: string) =>
      this.#report({ code, severity: 'warning', message }, start, start + text.length);
    const next = meantKind(info);
    if (next) report('unknown_kind', `"${info.slice(0, 60)}" declares no cell, it is shown as text; ${next}`);
    if (close >= this.#lines.length) {
      report('unclosed_fence', `expected a line of ${mark} that ends this block; all that follows is code of it`);
    }
    this.#reportSwallowed(fence);
    return undefined;
  }

  /** A cell inside of other code whose end would end that code as well: the other was never closed. */
  #reportSwallowed({ open, close, mark }: Fence): void {
    const inner = this.#swallowed(open, close, mark);
    if (inner === undefined) return;
    const { start, text } = this.#lines[inner.line];
    const message = `this cell lies inside the code that begins in line ${open + 1}, and declares nothing; close that first`;
    const finding = { code: 'swallowed_cell', severity: 'warning', message, hides: inner.kind } as const;
    this.#report(finding, start, start + text.length);
  }

  /** The line in a fence that would open a cell, with a mark whose close would be the fence's own, and its kind. */
  #swallowed(open: number, close: number, mark: string): { readonly line: number; readonly kind: Group } | undefined {
    for (let line = open + 1; line < close; line++) {
      const inner = openFence(this.#lines[line].text);
      if (!inner || inner.mark[0] !== mark[0] || inner.mark.length < mark.length) continue;
      const kind = declaredKind(inner.info);
      if (kind) return { line, kind };
    }
    return undefined;
  }

  #cell({ open, close, indent, mark }: Fence, kind: Group): Cell {
    const start = this.#start(open);
    const raw = this.#text.slice(start, this.#start(close + 1));
    const content = this.#lines.slice(open + 1, close).map((line) => {
      const spaces = Math.min(indent, /^ */.exec(line.text)![0].length);
      return { text: line.text.slice(spaces) + line.end, start: line.start + spaces };
    });
    const cell: Cell = {
      type: 'cell',
      kind,
      raw,
      start,
      span: this.#index.span(start, start + raw.length),
      text: content.map(({ text }) => text).join(''),
      lineStarts: [...content.map((line) => line.start), this.#start(close)],
      value: undefined,
      counts: !this.#seen.has(kind),
    };
    const fenceEnd = start + this.#lines[open].text.length;
    const report = (code: 'unclosed_fence' | 'duplicate_cell', message: string, hides?: Group) =>
      this.#report({ code, severity: 'error', message, cell: kind, ...(hides ? { hides } : {}) }, start, fenceEnd);
    const isInConflict = this.#isInConflict(open, close);
    const inner = this.#swallowed(open, close, mark);
    if (inner !== undefined && !isInConflict) {
      const message = `expected a line of ${mark} that ends the ${kind} cell before line ${inner.line + 1}, where another begins`;
      report('unclosed_fence', message, inner.kind);
    } else if (close >= this.#lines.length) {
      report('unclosed_fence', `expected a line of ${mark} that ends the ${kind} cell, received the end of the file`);
    }
    if (!cell.counts) {
      const message = `expected at most one ${kind} cell; this one does not count, join it with the first`;
      if (!isInConflict) report('duplicate_cell', message);
      return cell;
    }
    this.#seen.add(kind);
    // What was said already is why it cannot be read.
    if (isInConflict || inner !== undefined) return cell;
    return { ...cell, value: this.#value(cell) };
  }

  #value(cell: Cell): unknown {
    const { value, issues } = parseYaml(cell.text);
    for (const issue of issues) {
      const [from, to] = [issue.start, Math.max(issue.start, issue.end)].map((offset) => fileOffset(cell, offset));
      const { code, message } = issue;
      this.#report({ code, severity: 'error', message, cell: cell.kind, path: cell.kind }, from, to);
    }
    if (issues.length > 0 || value === null || isMap(value)) return value;
    const message =
      (typeof value === 'string' && explainLine(value)) || `expected keys and values, received ${shown(value)}`;
    const finding = { code: 'not_a_map', severity: 'error', message, cell: cell.kind, path: cell.kind } as const;
    this.#report(finding, fileOffset(cell, 0), fileOffset(cell, cell.text.length));
    return undefined;
  }
}
