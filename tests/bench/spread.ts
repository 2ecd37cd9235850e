/** Repeats of one measurement: their median, and how far they lie apart. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Throws where there is nothing to summarize. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('Expected one value at least, received none.');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.floor(sorted.length / 2)]) / 2;
  return { median: middle, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** Spread of ours/peer, repeat by repeat: the two of one repeat ran beside each other, under the same load. */
export function ratioOf(ours: readonly number[], peer: readonly number[]): Spread {
  if (ours.length !== peer.length)
    throw new Error(`Expected as many repeats of both, received ${ours.length}, ${peer.length}.`);
  return spreadOf(ours.map((rate, i) => rate / peer[i]));
}
