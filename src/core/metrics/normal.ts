/** Density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/**
 * Probability that a standard normal number is below `z`; NaN of NaN. Up to |z| = 5 the series z + z³/3 + z⁵/(3·5) + …
 * (G. Marsaglia, Evaluating the normal distribution, Journal of Statistical Software 11(4), 2004), beyond it the
 * continued fraction of Mills' ratio (Abramowitz and Stegun 26.2.14).
 */
export function normalCdf(z: number): number {
  if (Math.abs(z) > 5) {
    let tail = Math.abs(z);
    for (let k = 60; k >= 1; k--) tail = Math.abs(z) + k / tail;
    const above = normalDensity(z) / tail;
    return z > 0 ? 1 - above : above;
  }
  let sum = z;
  let term = z;
  for (let k = 3, before = NaN; sum !== before; k += 2) {
    before = sum;
    term *= (z * z) / k;
    sum += term;
    if (Number.isNaN(sum)) return NaN;
  }
  return 0.5 + sum * normalDensity(z);
}
