/**
 * How much a test does. `npm run test:full` runs the files that import this once more, in their full size; `npm test` runs a
 * small version of each, the same code with smaller numbers.
 */
const isFull = process.env['ALMANAC_TEST_SIZE'] === 'full';

/** A number of rounds, kills, requests. */
export function scale(full: number, small: number): number {
  return isFull ? full : small;
}

/** All of a list, or every so manieth of it. */
export function sample<Item>(items: readonly Item[], every: number): readonly Item[] {
  return isFull ? items : items.filter((_, index) => index % every === 0);
}

/** All of a list, or those that a small version needs; each of them must be there. */
export function choose<Item extends { readonly name: string }>(
  items: readonly Item[],
  names: readonly string[],
): readonly Item[] {
  const missing = names.filter((name) => !items.some((item) => item.name === name));
  if (missing.length > 0) throw new Error(`there is no ${missing.join(', ')}`);
  return isFull ? items : items.filter(({ name }) => names.includes(name));
}
