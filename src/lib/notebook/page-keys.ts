import type { Arranger } from '#lib/document/arranger.svelte.ts';
import { hasMod, isTyping } from '#lib/ui/keys.ts';

/** What keys do on a notebook's or a run's page. */
interface PageActions {
  run(): void;
  save?(): void;
  undo(): void;
  redo(): void;
  readonly arranger: Pick<Arranger, 'writeAbove' | 'writeBelow' | 'pressRemove' | 'move'>;
}

/** Handles a key press on the page; false where it is none of ours. */
export function handlePageKey(event: KeyboardEvent, actions: PageActions): boolean {
  if (hasMod(event) && event.key.toLowerCase() === 's') {
    actions.save?.();
    return true;
  }
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    actions.run();
    return true;
  }
  if (isTyping(event.target)) return false;
  const cell = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-cell]') : null;
  const isOnCell = cell !== null && cell === event.target;
  if (isOnCell && event.key === 'Enter' && event.shiftKey) {
    actions.run();
    return true;
  }
  const block = isOnCell && cell.dataset.block ? Number(cell.dataset.block) : null;
  if (event.altKey && !hasMod(event) && block !== null && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    actions.arranger.move(block, event.key === 'ArrowUp' ? -1 : 1);
    return true;
  }
  if (hasMod(event) || event.altKey) return false;
  if (block !== null && arrange(event.key, block, actions.arranger)) return true;
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

/** Jupyter's keys for the blocks themselves. */
function arrange(key: string, block: number, arranger: PageActions['arranger']): boolean {
  if (key === 'a') arranger.writeAbove(block);
  else if (key === 'b') arranger.writeBelow(block);
  else if (key === 'd') arranger.pressRemove(block);
  else return false;
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
