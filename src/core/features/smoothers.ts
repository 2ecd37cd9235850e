/**
 * Averages that the indicators are made of (FORMULAS.md#smoothers), on one contiguous series without NaN from `start`
 * on. Every result has the length of its input, NaN before its first valid index.
 */

/** A running sum is added up afresh this often, so that rounding cannot drift. */
const RESUM = 1000;

/** Simple mean of x[i−p+1..i]; first valid index start + p − 1. */
export function sma(x: Float64Array, period: number, start = 0): Float64Array {
  const out = new Float64Array(x.length).fill(NaN);
  let sum = 0;
  for (let i = start + period - 1, age = 0; i < x.length; i++, age++) {
    if (age % RESUM === 0) {
      sum = 0;
      for (let j = i - period + 1; j <= i; j++) sum += x[j];
    } else sum += x[i] - x[i - period];
    out[i] = sum / period;
  }
  return out;
}

/** Exponential mean, k = 2/(p+1), seeded at start + p − 1 by the simple mean of the first p values (as TA-Lib). */
export function ema(x: Float64Array, period: number, start = 0): Float64Array {
  return recursive(x, period, 2 / (period + 1), start);
}

/** Wilder's mean, weight 1/p, seeded at start + p − 1 by the simple mean of the first p values. */
export function wilder(x: Float64Array, period: number, start = 0): Float64Array {
  return recursive(x, period, 1 / period, start);
}

function recursive(x: Float64Array, period: number, weight: number, start: number): Float64Array {
  const out = new Float64Array(x.length).fill(NaN);
  const first = start + period - 1;
  if (first >= x.length) return out;
  let value = 0;
  for (let i = start; i <= first; i++) value += x[i];
  value /= period;
  out[first] = value;
  for (let i = first + 1; i < x.length; i++) {
    value += weight * (x[i] - value);
    out[i] = value;
  }
  return out;
}

/** Population standard deviation (ddof 0) of x[i−p+1..i] around `mean[i]`; first valid index start + p − 1. */
export function deviation(x: Float64Array, mean: Float64Array, period: number, start = 0): Float64Array {
  const out = new Float64Array(x.length).fill(NaN);
  for (let i = start + period - 1; i < x.length; i++) {
    let sum = 0;
    // Two passes: the difference of sums of squares would lose all digits on prices.
    for (let j = i - period + 1; j <= i; j++) sum += (x[j] - mean[i]) ** 2;
    out[i] = Math.sqrt(sum / period);
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
