export interface Histogram {
  /** Edges of the bins, one more than counts. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Values that are not finite, in no bin. */
  readonly missing: number;
}

/**
 * Equal bins between the 0.5 % and the 99.5 % quantile of a sample of the values, the outer bins taking the tails: a
 * single outlier does not squeeze the picture into one bar.
 */
export function histogram(values: ArrayLike<number>, bins = 40): Histogram {
  const finite: number[] = [];
  const stride = Math.max(1, Math.floor(values.length / 20_000));
  let missing = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) missing++;
    else if (i % stride === 0) finite.push(value);
  }
  if (finite.length === 0) return { edges: [0, 1], counts: [0], missing };
  finite.sort((a, b) => a - b);
  const quantile = (q: number) => finite[Math.min(finite.length - 1, Math.floor(q * finite.length))] ?? 0;
  const low = quantile(0.005);
  const high = quantile(0.995);
  if (low === high) return { edges: [low - 0.5, low + 0.5], counts: [values.length - missing], missing };
  const counts = new Array<number>(bins).fill(0);
  const scale = bins / (high - low);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor((value - low) * scale)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const edges = Array.from({ length: bins + 1 }, (_, k) => low + (k * (high - low)) / bins);
  return { edges, counts, missing };
}
