import { type Group, groups } from '#core/config/config.ts';
import type { CellControls } from '#lib/cells/cell-state.ts';
import type { Action } from '#lib/ui/actions.svelte.ts';
import { type BlockActions, blockActions } from './block-keys.ts';

interface PageOfCells {
  readonly train: { readonly name: string; run(): void };
  controlsOf(group: Group): CellControls | null;
  readonly blocks: BlockActions;
  readonly doc: { readonly canUndo: boolean; readonly canRedo: boolean; undo(): void; redo(): void };
}

/**
 * What can be done on a page of cells, as the palette lists it: training, then each cell that may run or is stopped, then
 * what the text and its blocks take.
 */
export function pageActions({ train, controlsOf, blocks, doc }: PageOfCells): readonly Action[] {
  const cells = groups.flatMap((group): readonly Action[] => {
    const controls = controlsOf(group);
    if (controls === null || group === 'train') return [];
    if (controls.cancel) return [{ name: `Stop ${group}`, run: controls.cancel }];
    return [{ name: `Run ${group}`, hint: 'and first what it needs', keys: ['Ctrl', 'Enter'], run: controls.run }];
  });
  return [
    { ...train, keys: ['Ctrl', 'Shift', 'Enter'] },
    ...cells,
    ...(doc.canUndo ? [{ name: 'Undo the last change', keys: ['z'], run: () => doc.undo() }] : []),
    ...(doc.canRedo ? [{ name: 'Redo what was undone', keys: ['Shift', 'z'], run: () => doc.redo() }] : []),
    ...blockActions(blocks),
  ];
}
