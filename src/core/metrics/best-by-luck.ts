import { normalCdf, normalDensity } from './normal.ts';

/**
 * Accuracy that the best of `k` runs of the same rows would show by luck alone: each says the side of `nEff` independent
 * rows right with probability `p`, independently of the others. p + E(k)·√(p(1−p)/nEff), where E(k) = ∫ z k φ(z)
 * Φ(z)^(k−1) dz is the expected maximum of k standard normal numbers. Runs that resemble each other have less luck, so it
 * is an upper bound for them. NaN where nEff is not above 0 or k is below 1; never above 1.
 *
 * @example
 * bestByLuck(20, 567, 0.506); // 0.545: one of twenty coins is about that good on 567 rows
 */
export function bestByLuck(k: number, nEff: number, p: number): number {
  if (!(nEff > 0) || !(k >= 1)) return NaN;
  return Math.min(1, p + expectedMaximum(k) * Math.sqrt((p * (1 - p)) / nEff));
}

/** By Simpson's rule on ±9, beyond which nothing is left of the integrand for any k below a million. */
function expectedMaximum(k: number): number {
  const steps = 600;
  const width = 18 / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const z = -9 + i * width;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * z * k * normalDensity(z) * normalCdf(z) ** (k - 1);
  }
  return (sum * width) / 3;
}
