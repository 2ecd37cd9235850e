import { windowSum } from './rolling.ts';

/**
 * Averages that the indicators are made of (FORMULAS.md#smoothers), on one contiguous series without NaN from `start`
 * on. Every result has the length of its input, NaN before its first valid index.
 */

/** Simple mean of x[i−p+1..i] in `out`, which may be x itself; first valid index start + p − 1. */
export function sma(
  x: Float64Array,
  period: number,
  start = 0,
  out: Float64Array = new Float64Array(x.length),
): Float64Array {
  windowSum(x, period, start, out);
  for (let i = start + period - 1; i < out.length; i++) out[i] /= period;
  return out;
}

/** Exponential mean, k = 2/(p+1), seeded at p − 1 by the simple mean of the first p values (as TA-Lib). */
export function ema(x: Float64Array, period: number): Float64Array {
  const out = new Float64Array(x.length);
  out.fill(NaN, 0, period - 1);
  const weight = 2 / (period + 1);
  let value = 0;
  for (let i = 0; i < x.length; i++) {
    value += i < period ? x[i] / period : weight * (x[i] - value);
    if (i >= period - 1) out[i] = value;
  }
  return out;
}

/** Bars until the seed of an EMA weighs 0.1 %. */
export function emaWarmup(period: number): number {
  return Math.ceil(3.45 * (period + 1));
}

/** Bars until the seed of a Wilder mean weighs 0.1 %. */
export function wilderWarmup(period: number): number {
  return Math.ceil(6.9 * period);
}
