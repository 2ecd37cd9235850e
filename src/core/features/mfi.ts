import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { orderOf } from './order.ts';
import { period } from './period.ts';
import { windowSum } from './rolling.ts';

const params = z.strictObject({ period: period(14, 'Bars over which money flow is summed') });
type Params = z.infer<typeof params>;

/**
 * 100 P/(P+N), the sums of tp·V of rising and falling bars; 0 where neither moved; first valid index p. Typical prices
 * that are equal in the file are equal here (order.ts); TA-Lib compares what rounding left of them.
 */
export const mfi: Indicator<Params> = {
  name: 'mfi',
  title: 'Money flow index',
  summary: 'Share of the money flow that went into rising bars, 0 to 100.',
  params,
  needsVolume: true,
  columns: ({ period }) => [`mfi_${period}`],
  warmup: ({ period }) => period,
  compute({ high, low, close, volume }, { period }) {
    const rising = new Float64Array(close.length);
    const falling = new Float64Array(close.length);
    let before = close.length > 0 ? high[0] + low[0] + close[0] : 0;
    for (let i = 1; i < close.length; i++) {
      // Three times the typical price: the third cancels, and would only round once more.
      const price = high[i] + low[i] + close[i];
      const order = orderOf(price, before, Math.abs(price) + Math.abs(before));
      if (order > 0) rising[i] = price * volume[i];
      else if (order < 0) falling[i] = price * volume[i];
      before = price;
    }
    const out = windowSum(rising, period, 1, rising);
    windowSum(falling, period, 1, falling);
    for (let i = period; i < out.length; i++) {
      const flow = out[i] + falling[i];
      out[i] = flow === 0 ? 0 : (100 * out[i]) / flow;
    }
    return [out];
  },
};
