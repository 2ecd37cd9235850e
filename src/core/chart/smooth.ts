/**
 * Exponential smoothing with the start corrected as in Adam, so that the first value is not dragged to zero:
 * s[i] = β s[i−1] + (1−β) y[i], shown as s[i] / (1 − β^(i+1)). NaN is passed over.
 *
 * @param weight β in [0, 1); 0 leaves the series as it is
 */
export function smooth(y: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(y.length);
  let sum = 0;
  let mass = 0;
  for (let i = 0; i < y.length; i++) {
    const value = y[i] ?? NaN;
    if (Number.isFinite(value)) {
      sum = weight * sum + (1 - weight) * value;
      mass = weight * mass + (1 - weight);
    }
    out[i] = mass === 0 ? NaN : sum / mass;
  }
  return out;
}
