import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { sma } from './smoothers.ts';
import { typicalPrice } from './typical-price.ts';

const params = z.strictObject({ period: period(20, 'Bars of mean and mean deviation') });
type Params = z.infer<typeof params>;

/** (tp − SMA)/(0.015 · mean |tp_j − SMA|), one SMA for the whole window; 0 where it is flat; first valid index p − 1. */
export const cci: Indicator<Params> = {
  name: 'cci',
  title: 'CCI',
  summary: 'Commodity channel index (Lambert): typical price against its mean, in mean deviations.',
  params,
  columns: ({ period }) => [`cci_${period}`],
  warmup: ({ period }) => period - 1,
  compute(bars, { period }) {
    const price = typicalPrice(bars);
    const out = sma(price, period);
    for (let i = period - 1; i < price.length; i++) {
      const mean = out[i];
      let sum = 0;
      for (let j = i - period + 1; j <= i; j++) sum += Math.abs(price[j] - mean);
      const spread = sum / period;
      out[i] = spread <= 1e-12 * Math.abs(mean) ? 0 : (price[i] - mean) / (0.015 * spread);
    }
    return [out];
  },
};
