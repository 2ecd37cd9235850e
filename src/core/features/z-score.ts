import { deviation, sma } from './smoothers.ts';

/**
 * (x − mean)/sd over the last p values, this one included, population sd; 0 where all of them are equal. `x` has no NaN
 * from `start` on; first valid index start + p − 1.
 */
export function zScore(x: Float64Array, period: number, start = 0): Float64Array {
  const mean = sma(x, period, start);
  const sd = deviation(x, mean, period, start);
  return x.map((value, i) => (sd[i] <= 1e-12 * Math.abs(mean[i]) ? 0 : (value - mean[i]) / sd[i]));
}
