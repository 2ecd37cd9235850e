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
    const raw = new Float64Array(close.length).fill(NaN);
    for (let i = period - 1; i < close.length; i++) {
      let highest = -Infinity;
      let lowest = Infinity;
      for (let j = i - period + 1; j <= i; j++) {
        if (high[j] > highest) highest = high[j];
        if (low[j] < lowest) lowest = low[j];
      }
      raw[i] = highest > lowest ? (100 * (close[i] - lowest)) / (highest - lowest) : 50;
    }
    const k = sma(raw, smooth, period - 1);
    return [k, sma(k, signal, period + smooth - 2)];
  },
};
