import { type Group, groups } from '#core/config/config.ts';
import { hasMod, isTyping } from '#lib/ui/keys.ts';
import { type BlockActions, blockOf, handleBlockKey } from './block-keys.ts';

/** What keys do on a notebook's or a run's page. */
interface PageActions {
  /** Trains: the notebook, or the draft of a fork. */
  train(): void;
  /** Runs one cell, `train` as well; absent where cells are frozen, and keys only move. */
  runCell?(group: Group): void;
  save?(): void;
  undo(): void;
  redo(): void;
  /** Leaves the prose that is being written. */
  leave(): void;
  readonly blocks: BlockActions;
}

/** Handles a key press on the page; false where it is none of ours. */
export function handlePageKey(event: KeyboardEvent, actions: PageActions): boolean {
  if (hasMod(event) && event.key.toLowerCase() === 's') {
    actions.save?.();
    return true;
  }
  if (event.target instanceof HTMLElement && event.target.closest('dialog[open]')) return false;
  const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-cell]') : null;
  if (event.key === 'Enter' && hasMod(event) && event.shiftKey) {
    actions.train();
    return true;
  }
  if (event.key === 'Enter' && (hasMod(event) || (event.shiftKey && !event.altKey))) {
    return runSelected(event, cell, actions);
  }
  if (isTyping(event.target)) return false;
  const isOnCell = cell !== null && cell === event.target;
  const block = isOnCell ? blockOf(cell) : null;
  if (event.altKey && !hasMod(event) && block !== null && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    actions.blocks.move(block, event.key === 'ArrowUp' ? -1 : 1);
    return true;
  }
  if (hasMod(event) || event.altKey) return false;
  if (block !== null && handleBlockKey(event.key, block, actions.blocks)) return true;
  switch (event.key) {
    case 'j':
      return move(cell, 1);
    case 'k':
      return move(cell, -1);
    case 'ArrowDown':
      return isOnCell && move(cell, 1);
    case 'ArrowUp':
      return isOnCell && move(cell, -1);
    case 'z':
      actions.undo();
      return true;
    case 'Z':
      actions.redo();
      return true;
    default:
      return false;
  }
}

/** Runs the cell with the focus in it, from its editor too; with Shift it goes on to the next, as prose only does. */
function runSelected(event: KeyboardEvent, cell: HTMLElement | null, actions: PageActions): boolean {
  // Shift does not keep a button from being pressed.
  const isPressed = event.shiftKey && (event.target as HTMLElement).closest('button, summary, a') !== null;
  if (cell === null || isPressed) return false;
  const group = groups.find((name) => name === cell.dataset.cell);
  if (group && actions.runCell) actions.runCell(group);
  if (!event.shiftKey) return true;
  // Prose that is being written is left; a cell keeps what was typed, for it is its text already.
  if (!group) actions.leave();
  move(cell, 1);
  return true;
}

/** Selects the cell `by` places on; from nowhere, the first. */
function move(from: HTMLElement | null, by: number): boolean {
  const cells = [...document.querySelectorAll<HTMLElement>('[data-cell]')];
  const at = from ? cells.indexOf(from) + by : 0;
  const next = cells[Math.min(cells.length - 1, Math.max(0, at))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}
