import { type Group, groups } from '#core/config/config.ts';
import { isMap } from '#core/config/document.ts';
import { shown } from '#core/config/expectation.ts';
import { closest } from '#core/config/suggestion.ts';
import { parseYaml } from '#core/config/yaml.ts';
import { type Fence, findFences } from './fences.ts';
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

class Parser {
  readonly #text: string;
  readonly #index: LineIndex;
  readonly #mark: string;
  readonly #lines: readonly Line[];
  readonly #diagnostics: Diagnostic[] = [];
  readonly #seen = new Set<Group>();

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
    const { frontMatter, next } = this.#frontMatter(mark.length);
    const blocks: Block[] = [];
    let start = frontMatter ? mark.length + frontMatter.raw.length : mark.length;
    for (const fence of findFences(this.#lines, next)) {
      const kind = this.#kind(fence);
      if (!kind) continue;
      const from = this.#start(fence.open);
      if (from > start) blocks.push(this.#prose(start, from));
      const cell = this.#cell(fence, kind);
      blocks.push(cell);
      start = cell.start + cell.raw.length;
    }
    if (start < this.#text.length) blocks.push(this.#prose(start, this.#text.length));
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

  #frontMatter(markLength: number): { frontMatter: FrontMatter | null; next: number } {
    const none = { frontMatter: null, next: 0 };
    if (this.#lines.length === 0 || this.#lines[0].text.trimEnd() !== '---') return none;
    const close = this.#lines.findIndex((line, i) => i > 0 && /^(---|\.\.\.)\s*$/.test(line.text));
    if (close < 0) {
      const message = 'expected a line of --- that ends the front matter, received the end of the file';
      this.#report({ code: 'front_matter', severity: 'warning', message }, markLength, markLength + 3);
      return none;
    }
    const textStart = this.#start(1);
    const text = this.#text.slice(textStart, this.#start(close));
    const { value, issues } = parseYaml(text);
    for (const { message, start, end } of issues) {
      this.#report({ code: 'front_matter', severity: 'error', message }, textStart + start, textStart + end);
    }
    const values = isMap(value) ? value : {};
    if (issues.length === 0 && value !== null && !isMap(value)) {
      const message = `expected keys and values such as "title: My notebook", received ${shown(value)}`;
      this.#report({ code: 'front_matter', severity: 'error', message }, textStart, textStart + text.length);
    }
    const title = typeof values.title === 'string' ? values.title : null;
    const raw = this.#text.slice(markLength, this.#start(close + 1));
    return { frontMatter: { raw, text, textStart, title, values }, next: close + 1 };
  }

  /** The kind of cell a fence declares; undefined for other code, with a word where a cell was probably meant. */
  #kind({ open, info }: Fence): Group | undefined {
    const [language, word, ...more] = info.split(/\s+/);
    const isGroup = (name: string): name is Group => (groups as readonly string[]).includes(name);
    if (language === 'yaml' && word !== undefined && more.length === 0 && isGroup(word)) return word;
    if (language.toLowerCase() !== 'yaml' || word === undefined) return undefined;
    const meant = isGroup(word.toLowerCase()) ? word.toLowerCase() : closest(word, groups);
    const next = meant ? `did you mean "yaml ${meant}"?` : `the kinds are ${groups.join(', ')}`;
    const message = `"${info.slice(0, 60)}" declares no cell, it is shown as text; ${next}`;
    const { start, text } = this.#lines[open];
    this.#report({ code: 'unknown_kind', severity: 'warning', message }, start, start + text.length);
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
    if (close >= this.#lines.length) {
      const message = `expected a line of ${mark} that ends the ${kind} cell, received the end of the file`;
      this.#report({ code: 'unclosed_fence', severity: 'error', message, cell: kind }, start, fenceEnd);
    }
    if (!cell.counts) {
      const message = `expected at most one ${kind} cell; this one does not count, join it with the first`;
      this.#report({ code: 'duplicate_cell', severity: 'error', message, cell: kind }, start, fenceEnd);
      return cell;
    }
    this.#seen.add(kind);
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
    const message = `expected keys and values, received ${shown(value)}`;
    const finding = { code: 'not_a_map', severity: 'error', message, cell: cell.kind, path: cell.kind } as const;
    this.#report(finding, fileOffset(cell, 0), fileOffset(cell, cell.text.length));
    return undefined;
  }
}
