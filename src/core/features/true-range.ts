import type { Bars } from '#core/bars/bars.ts';

/** Greatest of H−L, |H−C₋₁| and |L−C₋₁|; NaN at 0, where there is no close before. */
export function trueRange({ high, low, close }: Bars): Float64Array {
  const out = new Float64Array(close.length).fill(NaN);
  for (let i = 1; i < close.length; i++) {
    out[i] = Math.max(high[i] - low[i], Math.abs(high[i] - close[i - 1]), Math.abs(low[i] - close[i - 1]));
  }
  return out;
}
