import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { sma } from './smoothers.ts';

const params = z.strictObject({
  period: period(14, 'Bars of highest high and lowest low'),
  smooth: period(3, 'Bars of the mean that makes %K', 1),
  signal: period(3, 'Bars of the mean of %K that makes %D', 1),
});
type Params = z.infer<typeof params>;

/** Slow %K and %D; 50 where the window has no range (TA-Lib gives 0). */
export const stochastic: Indicator<Params> = {
  name: 'stochastic',
  title: 'Stochastic',
  summary: 'Stochastic oscillator (Lane): place of the close between lowest low and highest high, 0 to 100.',
  params,
  columns: ({ period, smooth, signal }) => ['k', 'd'].map((line) => `stochastic_${line}_${period}_${smooth}_${signal}`),
  warmup: ({ period, smooth, signal }) => period + smooth + signal - 3,
  compute({ high, low, close }, { period, smooth, signal }) {
    const raw = placeInRange(high, low, close, period);
    const k = sma(raw, smooth, period - 1, raw);
    return [k, sma(k, signal, period + smooth - 2)];
  },
};

/** 100 (C − lowest low)/(highest high − lowest low) of the last p bars, in blocks of p as in rolling.ts. */
function placeInRange(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array {
  const out = new Float64Array(close.length);
  out.fill(NaN, 0, period - 1);
  const endHighest = new Float64Array(period);
  const endLowest = new Float64Array(period);
  for (let from = 0; from + period <= close.length; from += period) {
    const last = from + period - 1;
    let highest = -Infinity;
    let lowest = Infinity;
    for (let j = period - 1; j >= 0; j--) {
      if (high[from + j] > highest) highest = high[from + j];
      if (low[from + j] < lowest) lowest = low[from + j];
      endHighest[j] = highest;
      endLowest[j] = lowest;
    }
    highest = high[last];
    lowest = low[last];
    for (let i = last; i < Math.min(last + period, close.length); i++) {
      if (high[i] > highest) highest = high[i];
      if (low[i] < lowest) lowest = low[i];
      const top = endHighest[i - last] > highest ? endHighest[i - last] : highest;
      const bottom = endLowest[i - last] < lowest ? endLowest[i - last] : lowest;
      out[i] = top > bottom ? (100 * (close[i] - bottom)) / (top - bottom) : 50;
    }
  }
  return out;
}
