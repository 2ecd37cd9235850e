/** The smallest seed from 1 that is none of these; what is no number counts for none. */
export function nextSeed(tried: Iterable<unknown>): number {
  const known = new Set(tried);
  let seed = 1;
  while (known.has(seed)) seed++;
  return seed;
}

/** The override by which a run is made once more with another seed. */
export function seedOverride(seed: number): string {
  return `train.seed=${seed}`;
}
