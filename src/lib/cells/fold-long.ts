/** The first `most` of a list, and what of a longer one is folded away. */
export function foldLong<Item>(
  items: readonly Item[],
  most: number,
): { readonly first: readonly Item[]; readonly more: readonly Item[] } {
  // One more takes no more room than what unfolds it.
  const count = items.length <= most + 1 ? items.length : most;
  return { first: items.slice(0, count), more: items.slice(count) };
}
