import type { Group } from '#core/config/config.ts';
import { insertProse } from '#core/notebook/edit.ts';
import { keepLineEnds } from '#core/notebook/lines.ts';
import { type Block, serializeNotebook } from '#core/notebook/notebook.ts';
import { parseNotebook } from '#core/notebook/parse.ts';
import { isSeen } from './arrange.ts';

/** A place for text between the cells: behind a cell that counts, or null before the first. */
export type Gap = Group | null;

/** The gap in which the block at `index` lies, or would. */
export function gapAt(blocks: readonly Block[], index: number): Gap {
  const before = blocks.slice(0, index).findLast((block) => block.type === 'cell' && block.counts);
  return before?.type === 'cell' ? before.kind : null;
}

/** The notebook with other words in a gap. */
export function replaceWords(text: string, gap: Gap, words: string): string {
  const notebook = parseNotebook(text);
  const { blocks } = notebook;
  const mine = (block: Block, index: number) => block.type === 'prose' && isSeen(block) && gapAt(blocks, index) === gap;
  const first = blocks.findIndex(mine);
  if (first < 0) {
    const cell = blocks.findIndex((block) => block.type === 'cell' && block.counts && block.kind === gap);
    return words === '' ? text : insertProse(text, gap === null ? 0 : cell + 1, words);
  }
  const written = blocks.map((block, index) => {
    if (!mine(block, index)) return block;
    const [, lead = '', trail = ''] = /^(\s*)[\s\S]*?(\s*)$/.exec(block.raw) ?? [];
    return { ...block, raw: keepLineEnds(block.raw, lead + (index === first ? words : '') + trail) };
  });
  return serializeNotebook({ ...notebook, blocks: written });
}
