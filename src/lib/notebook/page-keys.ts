import { hasMod, isTyping } from '#lib/ui/keys.ts';

/** What keys do on a notebook's or a run's page. */
export interface PageActions {
  run(): void;
  save?(): void;
  undo(): void;
  redo(): void;
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
  if (hasMod(event) || event.altKey) return false;
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

/** Selects the cell `by` places on; from nowhere, the first. */
function move(from: HTMLElement | null, by: number): boolean {
  const cells = [...document.querySelectorAll<HTMLElement>('[data-cell]')];
  const at = from ? cells.indexOf(from) + by : 0;
  const next = cells[Math.min(cells.length - 1, Math.max(0, at))];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}
