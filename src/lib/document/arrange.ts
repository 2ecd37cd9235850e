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

function edges({ raw }: Block): { readonly lead: string; readonly core: string; readonly trail: string } {
  const lead = /^(?:[ \t]*\r?\n)*/.exec(raw)?.[0] ?? '';
  const trail = /(?:\r?\n[ \t]*)*$/.exec(raw.slice(lead.length))?.[0] ?? '';
  return { lead, core: raw.slice(lead.length, raw.length - trail.length), trail };
}

function saysTheSame(a: Notebook, b: Notebook): boolean {
  const cells = ({ blocks }: Notebook) =>
    blocks.flatMap((block) => (block.type === 'cell' ? [`${block.kind}\n${block.text.trimEnd()}`] : []));
  const [one, other] = [cells(a).sort(), cells(b).sort()];
  return one.length === other.length && one.every((cell, index) => cell === other[index]);
}
