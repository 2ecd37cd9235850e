import { lowerBound } from '#core/lower-bound.ts';

/**
 * Picks the points of a long series that a picture of it needs: of each of `buckets` equal stretches of x the first,
 * the last, the smallest, the largest, and the first that is not finite, so that no extreme is lost, no step invented
 * and no gap closed. NaN and ∞ are never extremes.
 *
 * @param x ascending
 * @param from, to the part of x to show; points just outside are kept so that lines reach the edge
 * @returns ascending indices into x and y, at most 5 · buckets + 2
 */
export function decimate(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  buckets: number,
  from = -Infinity,
  to = Infinity,
): Int32Array {
  const first = Math.max(0, lowerBound(x, from) - 1);
  const last = Math.min(x.length - 1, lowerBound(x, to));
  const count = last - first + 1;
  if (count <= 0) return new Int32Array(0);
  if (count <= 4 * buckets) return Int32Array.from({ length: count }, (_, k) => first + k);
  const out = new Int32Array(5 * buckets + 2);
  let size = 0;
  const push = (index: number) => {
    if (size === 0 || out[size - 1] < index) out[size++] = index;
  };
  const start = x[first] ?? 0;
  const width = ((x[last] ?? 0) - start) / buckets;
  let i = first;
  for (let bucket = 1; bucket <= buckets && i <= last; bucket++) {
    const end = bucket === buckets ? Infinity : start + bucket * width;
    const head = i;
    let low = -1;
    let high = -1;
    let gap = -1;
    while (i <= last && (x[i] ?? 0) < end) {
      const value = y[i] ?? NaN;
      if (!Number.isFinite(value)) {
        if (gap < 0) gap = i;
      } else {
        if (low < 0 || value < (y[low] ?? NaN)) low = i;
        if (high < 0 || value > (y[high] ?? NaN)) high = i;
      }
      i++;
    }
    if (i === head) continue;
    push(head);
    for (const index of [low, high, gap].sort((a, b) => a - b)) if (index >= 0) push(index);
    push(i - 1);
  }
  push(last);
  return out.subarray(0, size);
}

/** Index of the x nearest to `value`, or −1 where there is none. */
export function nearest(x: ArrayLike<number>, value: number): number {
  const right = lowerBound(x, value);
  if (right === 0) return x.length === 0 ? -1 : 0;
  if (right === x.length) return right - 1;
  return (x[right] ?? 0) - value < value - (x[right - 1] ?? 0) ? right : right - 1;
}
