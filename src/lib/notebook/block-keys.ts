import type { Arranger } from '#lib/document/arranger.svelte.ts';
import type { Action } from '#lib/ui/actions.svelte.ts';
import { notices } from '#lib/ui/notices.svelte.ts';

/** What can be done to a block of the page, given its index among the notebook's. */
export type BlockActions = Pick<
  Arranger,
  | 'writeAbove'
  | 'writeBelow'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'turnIntoText'
  | 'turnIntoCell'
  | 'remove'
  | 'pressRemove'
  | 'move'
>;

interface BlockKey {
  /** As the event names it. */
  readonly key: string;
  /** What it does to the selected block; in the palette, which is searched for it. */
  readonly name: string;
  act(blocks: BlockActions, at: number): void;
}

/** Jupyter's keys for the blocks themselves. */
const blockKeys: readonly BlockKey[] = [
  { key: 'a', name: 'Write text above the selected block', act: (blocks, at) => blocks.writeAbove(at) },
  { key: 'b', name: 'Write text below the selected block', act: (blocks, at) => blocks.writeBelow(at) },
  { key: 'c', name: 'Copy the selected block', act: (blocks, at) => blocks.copy(at) },
  { key: 'x', name: 'Cut the selected block', act: (blocks, at) => blocks.cut(at) },
  { key: 'v', name: 'Paste below the selected block', act: (blocks, at) => blocks.paste(at + 1) },
  { key: 'V', name: 'Paste above the selected block', act: (blocks, at) => blocks.paste(at) },
  { key: 'm', name: 'Turn the selected cell into text', act: (blocks, at) => blocks.turnIntoText(at) },
  { key: 'y', name: 'Turn the selected text into the cell it was', act: (blocks, at) => blocks.turnIntoCell(at) },
  { key: 'd', name: 'Remove the selected block', act: (blocks, at) => blocks.pressRemove(at) },
];

/** Does to the block at `at` what a key stands for; false where it is none of these. */
export function handleBlockKey(key: string, at: number, blocks: BlockActions): boolean {
  const found = blockKeys.find((one) => one.key === key);
  found?.act(blocks, at);
  return found !== undefined;
}

/** Index of the block that a cell of the page shows; null where it shows none, as a cell of defaults. */
export function blockOf(cell: Element | null): number | null {
  const index = cell instanceof HTMLElement ? cell.dataset.block : undefined;
  return index === undefined || index === '' ? null : Number(index);
}

/** The same for the palette: each is done to the block that has the focus when it is chosen. */
export function blockActions(blocks: BlockActions): readonly Action[] {
  return blockKeys.map(({ key, name, act }) => ({
    name,
    keys: key === 'd' ? ['d', 'd'] : key === 'V' ? ['Shift', 'v'] : [key],
    run: () => {
      const at = blockOf(document.activeElement?.closest('[data-cell]') ?? null);
      if (at === null) notices.say('Select a cell or text first, with a click, j or k');
      // One choice is enough: two presses are against a slip.
      else if (key === 'd') blocks.remove(at);
      else act(blocks, at);
    },
  }));
}
