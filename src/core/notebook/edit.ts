import { type Group, groups } from '#core/config/config.ts';
import { isMap } from '#core/config/document.ts';
import { AppError } from '#core/error.ts';
import { closes } from './fences.ts';
import { lineEndOf, splitLines } from './lines.ts';
import { type Cell, findCell, findObstacle, type Notebook, serializeNotebook } from './notebook.ts';
import { parseNotebook } from './parse.ts';
import { removeYamlKey, setYamlValue } from './yaml-edit.ts';

/**
 * The notebook with `value` at `path` of a cell. One line changes; comments, key order and line ends stay. A cell that
 * is not there is inserted. Throws AppError `invalid_notebook` while the cell's YAML cannot be read, or the cell lies
 * inside code that was never closed.
 *
 * @example
 * setValue('```yaml train\nepochs: 30 # enough?\n```\n', 'train', ['epochs'], 5); // the comment stays
 */
export function setValue(text: string, group: Group, path: readonly string[], value: unknown): string {
  const notebook = parseNotebook(text);
  requireReadable(notebook, group);
  const cell = findCell(notebook, group);
  if (!cell) return insertCell(text, group, setYamlValue('', path, value));
  return setCellText(text, group, setYamlValue(cell.text, path, value));
}

/** The notebook without a key, so that its default counts again. Throws as setValue. */
export function removeKey(text: string, group: Group, path: readonly string[]): string {
  const notebook = parseNotebook(text);
  requireReadable(notebook, group);
  const cell = findCell(notebook, group);
  return cell ? setCellText(text, group, removeYamlKey(cell.text, path)) : text;
}

function requireReadable(notebook: Notebook, group: Group): void {
  const obstacle = findObstacle(notebook, group);
  if (!obstacle) return;
  const { message, span } = obstacle;
  throw new AppError('invalid_notebook', `The ${group} cell cannot be changed yet; line ${span.line}: ${message}`);
}

/** The notebook with another YAML in a cell; lines that stay the same keep their bytes. */
export function setCellText(text: string, group: Group, yaml: string): string {
  const notebook = parseNotebook(text);
  const cell = findCell(notebook, group);
  if (!cell) return insertCell(text, group, yaml);
  return cell.text === yaml ? text : replaceBlock(notebook, notebook.blocks.indexOf(cell), rewriteCell(cell, yaml));
}

/** Writes a cell in place of the old one: same fences and indentation, a longer fence where the YAML holds one. */
function rewriteCell(cell: Cell, yaml: string): string {
  const lines = splitLines(cell.raw);
  const [open] = lines;
  const [, indent, mark] = /^( *)([`~]+)/.exec(open.text)!;
  const end = open.end || '\n';
  const isClosed = lines.length > 1 && closes(lines[lines.length - 1].text, mark);
  const before = lines.slice(1, isClosed ? -1 : undefined);
  const after = splitLines(yaml);
  const plain = before.map((line) => line.text.slice(Math.min(indent.length, /^ */.exec(line.text)![0].length)));
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && plain[head] === after[head].text) head++;
  let tail = 0;
  while (tail < shorter - head && plain[plain.length - 1 - tail] === after[after.length - 1 - tail].text) tail++;
  const kept = (line: (typeof lines)[number]) => line.text + (line.end || end);
  const body = [
    ...before.slice(0, head).map(kept),
    ...after.slice(head, after.length - tail).map(({ text }) => (text === '' ? '' : indent + text) + end),
    ...before.slice(before.length - tail).map(kept),
  ].join('');
  const longest = Math.max(0, ...after.map(({ text }) => (closes(text, mark) ? text.trim().length : 0)));
  const longer = longest > 0 ? mark[0].repeat(longest + 1) : mark;
  const refence = (line: string) => line.replace(mark, longer);
  const close = isClosed ? lines[lines.length - 1] : undefined;
  return refence(open.text) + end + body + (close ? refence(close.text) + close.end : '');
}

/** A cell in its place among the others (data, features, … train), with blank lines around it. */
export function insertCell(text: string, group: Group, yaml = ''): string {
  const notebook = parseNotebook(text);
  const order = (kind: Group) => groups.indexOf(kind);
  const isBefore = (kind: Group) => order(kind) < order(group);
  const last = notebook.blocks.findLastIndex((block) => block.type === 'cell' && isBefore(block.kind));
  const next = notebook.blocks.findIndex((block) => block.type === 'cell' && !isBefore(block.kind));
  const at = last >= 0 ? last + 1 : next >= 0 ? next : notebook.blocks.length;
  const end = lineEndOf(text);
  const body = splitLines(yaml)
    .map((line) => line.text + end)
    .join('');
  const longest = Math.max(2, ...[...yaml.matchAll(/`{3,}/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return insertRaw(notebook, at, `${fence}yaml ${group}${end}${body}${fence}${end}`, end);
}

/** Prose before the block at `at` (the number of blocks: at the end), with blank lines around it. */
export function insertProse(text: string, at: number, markdown: string): string {
  const end = lineEndOf(text);
  const lines = splitLines(markdown).map((line) => line.text + end);
  return insertRaw(parseNotebook(text), at, lines.join(''), end);
}

/** The notebook with a title in its front matter, which is made where there is none. */
export function setTitle(text: string, title: string): string {
  const { mark, frontMatter } = parseNotebook(text);
  if (!frontMatter) {
    const end = lineEndOf(text);
    return `${mark}---${end}${setYamlValue('', ['title'], title).trimEnd()}${end}---${end}${text.slice(mark.length)}`;
  }
  const { text: yaml, textStart } = frontMatter;
  const written = isMap(frontMatter.values) ? setYamlValue(yaml, ['title'], title) : yaml;
  return text.slice(0, textStart) + written + text.slice(textStart + yaml.length);
}

function replaceBlock(notebook: Notebook, at: number, raw: string): string {
  const blocks = notebook.blocks.map((block, index) => (index === at ? { ...block, raw } : block));
  return serializeNotebook({ ...notebook, blocks });
}

function insertRaw(notebook: Notebook, at: number, raw: string, end: string): string {
  const head = serializeNotebook({ ...notebook, blocks: notebook.blocks.slice(0, at) });
  const tail = notebook.blocks
    .slice(at)
    .map((block) => block.raw)
    .join('');
  const isFresh = head === notebook.mark || /(^|\n)\r?\n$/.test(head);
  const before = isFresh ? '' : head.endsWith('\n') ? end : end + end;
  const after = tail === '' || /^\r?\n/.test(tail) ? '' : end;
  return head + before + raw + after + tail;
}
