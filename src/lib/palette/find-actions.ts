import type { Action } from '#lib/ui/actions.svelte.ts';

/**
 * Actions that all words of `query` are in, the best first: words at the beginning of a name, then at that of one of its
 * words, then anywhere in it, then in its hint. Equal ones keep their order.
 */
export function findActions(actions: readonly Action[], query: string): readonly Action[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return actions
    .map((action, index) => ({ action, index, cost: costOf(action, words) }))
    .filter(({ cost }) => cost !== Infinity)
    .sort((a, b) => a.cost - b.cost || a.index - b.index)
    .map(({ action }) => action);
}

/** 0 for a name that begins with every word; Infinity where a word is nowhere. */
function costOf({ name, hint = '' }: Action, words: readonly string[]): number {
  const [title, rest] = [name.toLowerCase(), hint.toLowerCase()];
  const costs = words.map((word) => {
    const at = title.indexOf(word);
    if (at === 0) return 0;
    if (at > 0) return /[\p{L}\p{N}]/u.test(title[at - 1] ?? '') ? 2 : 1;
    return rest.includes(word) ? 3 : Infinity;
  });
  return costs.reduce((sum, cost) => sum + cost, 0);
}
