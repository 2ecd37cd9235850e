import { type Group, groups } from '#core/config/config.ts';
import { insertProse } from '#core/notebook/edit.ts';
import { openFence } from '#core/notebook/fences.ts';
import { splitLines } from '#core/notebook/lines.ts';
import { type Block, type Notebook, serializeNotebook } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';

/** Whether a block is seen on the page: white space between two cells is not. */
export function isSeen(block: Block): boolean {
  return block.type === 'cell' || block.raw.trim() !== '';
}

/** Where new prose before block `at` belongs: in the white space that is there already, if any. */
export function proseIndex(blocks: readonly Block[], at: number): number {
  const before = blocks[at - 1];
  return before && !isSeen(before) ? at - 1 : at;
}

/** The notebook without the block at `at`, with one blank line where it stood. */
export function removeBlock(text: string, at: number): string {
  const notebook = parseNotebook(text);
  if (!notebook.blocks[at]) return text;
  const head = serializeNotebook({ ...notebook, blocks: notebook.blocks.slice(0, at) });
  const tail = notebook.blocks
    .slice(at + 1)
    .map(({ raw }) => raw)
    .join('');
  const isApart = head === '' || /\n[ \t]*\r?\n$/.test(head);
  if (isApart) return head + tail.replace(/^(?:[ \t]*\r?\n)+/, '');
  const isJoined = tail !== '' && !/^[ \t]*\r?\n/.test(tail);
  return head + (isJoined ? (text.includes('\r\n') ? '\r\n' : '\n') : '') + tail;
}

/**
 * The notebook with the block at `at` and the seen one `by` places on in each other's stead; blank lines stay where
 * they are. The same text where there is no such place, or where the move would change what a cell says (an unclosed
 * fence would swallow what follows).
 */
export function moveBlock(text: string, at: number, by: number): { readonly text: string; readonly at: number } {
  const notebook = parseNotebook(text);
  const seen = notebook.blocks.flatMap((block, index) => (isSeen(block) ? [index] : []));
  const to = seen[seen.indexOf(at) + by];
  if (!seen.includes(at) || to === undefined) return { text, at };
  const [mine, theirs] = [edges(notebook.blocks[at]), edges(notebook.blocks[to])];
  const blocks = notebook.blocks.map((block, index) => {
    if (index === at) return { ...block, raw: mine.lead + theirs.core + (mine.trail || '\n') };
    if (index === to) return { ...block, raw: theirs.lead + mine.core + (theirs.trail || '\n') };
    return block;
  });
  const moved = serializeNotebook({ ...notebook, blocks });
  return saysTheSame(notebook, parseNotebook(moved)) ? { text: moved, at: to } : { text, at };
}

/**
 * The notebook with a copied block before the one at `at`, and the index of the block that it is, or is part of, now. null
 * where that would change what a cell says (text with a fence that is never closed would swallow what follows).
 */
export function insertBlock(
  text: string,
  at: number,
  raw: string,
): { readonly text: string; readonly at: number } | null {
  const { blocks } = parseNotebook(text);
  const inserted = insertProse(text, at, edges({ raw }).core);
  const cells = [...cellsOf(parseNotebook(text)), ...cellsOf(parseNotebook(raw))];
  if (!isSame(cells, cellsOf(parseNotebook(inserted)))) return null;
  const from = blocks[at]?.start ?? text.length;
  const after = parseNotebook(inserted).blocks;
  // Of the blank lines before it there may be a block of their own.
  return { text: inserted, at: after.findIndex((block) => block.start + block.raw.length > from && isSeen(block)) };
}

const setAside = /^yaml cell=([a-z]+)$/;

/**
 * The notebook with the cell at `at` set aside: its YAML stays, as code among the words (```yaml cell=model), and declares
 * nothing. null where it is no cell, or has no end of its own.
 */
export function cellToText(text: string, at: number): string | null {
  const notebook = parseNotebook(text);
  const cell = notebook.blocks[at];
  if (cell?.type !== 'cell') return null;
  const written = replaceInfo(text, cell.start, `yaml cell=${cell.kind}`);
  const others = cellsOf({ ...notebook, blocks: notebook.blocks.filter((block) => block !== cell) });
  return isSame(others, cellsOf(parseNotebook(written))) ? written : null;
}

/** The first cell that `cellToText` has set aside in the text at `at`: its kind, and the notebook with it in force again. */
export function textToCell(text: string, at: number): { readonly text: string; readonly kind: Group } | null {
  const notebook = parseNotebook(text);
  const block = notebook.blocks[at];
  if (block?.type !== 'prose') return null;
  for (const { text: line, start } of splitLines(block.raw)) {
    const name = setAside.exec(openFence(line)?.info ?? '')?.[1];
    const kind = groups.find((group) => group === name);
    if (kind === undefined) continue;
    const written = replaceInfo(text, block.start + start, `yaml ${kind}`);
    const [before, after] = [notebook, parseNotebook(written)].map(({ blocks }) =>
      blocks.filter((one) => one.type === 'cell' && one.kind === kind),
    );
    // Inside of other code it would be quoted, not declared.
    if (after.length > before.length) return { text: written, kind };
  }
  return null;
}

/** What stands behind the fence that a line at `start` opens. */
function replaceInfo(text: string, start: number, info: string): string {
  const head = /^ {0,3}(?:`+|~+)/.exec(text.slice(start))?.[0] ?? '';
  const rest = text.slice(start + head.length);
  return text.slice(0, start) + head + info + rest.slice(/\r?\n|$/.exec(rest)?.index ?? 0);
}

function edges({ raw }: Pick<Block, 'raw'>): { readonly lead: string; readonly core: string; readonly trail: string } {
  const lead = /^(?:[ \t]*\r?\n)*/.exec(raw)?.[0] ?? '';
  const trail = /(?:\r?\n[ \t]*)*$/.exec(raw.slice(lead.length))?.[0] ?? '';
  return { lead, core: raw.slice(lead.length, raw.length - trail.length), trail };
}

function saysTheSame(a: Notebook, b: Notebook): boolean {
  return isSame(cellsOf(a), cellsOf(b));
}

function cellsOf({ blocks }: Notebook): readonly string[] {
  return blocks.flatMap((block) => (block.type === 'cell' ? [`${block.kind}\n${block.text.trimEnd()}`] : []));
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  const [one, other] = [some.toSorted(), others.toSorted()];
  return one.length === other.length && one.every((cell, index) => cell === other[index]);
}
