import { z } from 'zod';

/** How often values fall into each of equal bins. */
export const histogramSchema = z
  .object({
    edges: z.array(z.number()).readonly().describe('Edges of the bins, one more than counts'),
    counts: z.array(z.int()).readonly(),
    missing: z.int().describe('Values that are not finite, in no bin'),
    outside: z
      .tuple([z.int(), z.int()])
      .readonly()
      .describe('Values below and above the edges; the outer bins count them'),
  })
  .meta({ ref: 'Histogram' });
export type Histogram = Readonly<z.infer<typeof histogramSchema>>;

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
  if (finite.length === 0) return { edges: [0, 1], counts: [0], missing, outside: [0, 0] };
  finite.sort((a, b) => a - b);
  const quantile = (q: number) => finite[Math.min(finite.length - 1, Math.floor(q * finite.length))] ?? 0;
  const low = quantile(0.005);
  const high = quantile(0.995);
  const isFlat = low === high;
  const [first, last] = isFlat ? [low - 0.5, low + 0.5] : [low, high];
  const counts = new Array<number>(isFlat ? 1 : bins).fill(0);
  const scale = counts.length / (last - first);
  let [below, above] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    if (value < first) below++;
    else if (value > last) above++;
    const bin = Math.min(counts.length - 1, Math.max(0, Math.floor((value - first) * scale)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const edges = Array.from({ length: counts.length + 1 }, (_, k) => first + (k * (last - first)) / counts.length);
  return { edges, counts, missing, outside: [below, above] };
}
