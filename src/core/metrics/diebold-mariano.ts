import { columnOf, sumOf } from './score-parts.ts';
import type { TestOutcome } from './pesaran-timmermann.ts';
import { studentTail } from './student.ts';

/**
 * Whether the losses of `model` are smaller than those of `rival` on the same rows (F. Diebold and R. Mariano, Comparing
 * predictive accuracy, JBES 13, 1995): the mean of d = rival − model over its standard error. Forecasts of `horizon` bars
 * overlap, so that the variance is γ₀ + 2Σ(1 − k/h)γₖ for k < h (Bartlett's weights keep it above 0); times the factor of
 * D. Harvey, S. Leybourne and P. Newbold (1997), √((n + 1 − 2h + h(h − 1)/n)/n), against t with n − 1 degrees. One-sided:
 * p is small where the model is better. Null where n ≤ h or the losses differ nowhere.
 */
export function dieboldMariano(model: Float64Array, rival: Float64Array, horizon: number): TestOutcome | null {
  const n = model.length;
  if (n <= horizon || n < 2) return null;
  const gain = columnOf(n, (i) => rival[i] - model[i]);
  const mean = sumOf(gain) / n;
  const apart = columnOf(n, (i) => gain[i] - mean);
  let variance = 0;
  for (let k = 0; k < horizon; k++) {
    let products = 0;
    for (let i = k; i < n; i++) products += apart[i] * apart[i - k];
    variance += (k === 0 ? 1 : 2 * (1 - k / horizon)) * (products / n);
  }
  const factor = Math.sqrt((n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n);
  const statistic = (factor * mean) / Math.sqrt(variance / n);
  return Number.isFinite(statistic) ? { statistic, p: studentTail(statistic, n - 1) } : null;
}
