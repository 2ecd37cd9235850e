/**
 * Exponential smoothing with the start corrected as in Adam, so that the first value is not dragged to zero:
 * s[i] = β s[i−1] + (1−β) y[i], shown as s[i] / (1 − β^(i+1)). What is not finite counts for nothing and stays a gap,
 * NaN: no line is drawn where nothing was measured. It takes all stored values, before any are left out for a picture.
 *
 * @param weight β in [0, 1); 0 leaves finite values as they are
 */
export function smooth(y: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(y.length).fill(NaN);
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < y.length; i++) {
    const value = y[i] ?? NaN;
    if (!Number.isFinite(value)) continue;
    sum = weight * sum + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    out[i] = sum / mass;
  }
  return out;
}
