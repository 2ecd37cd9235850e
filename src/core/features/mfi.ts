import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { typicalPrice } from './typical-price.ts';

const params = z.strictObject({ period: period(14, 'Bars over which money flow is summed') });
type Params = z.infer<typeof params>;

/** 100 P/(P+N), the sums of tp·V of rising and falling bars; 0 where neither moved; first valid index p. */
export const mfi: Indicator<Params> = {
  name: 'mfi',
  title: 'Money flow index',
  summary: 'Share of the money flow that went into rising bars, 0 to 100.',
  params,
  needsVolume: true,
  columns: ({ period }) => [`mfi_${period}`],
  warmup: ({ period }) => period,
  compute(bars, { period }) {
    const price = typicalPrice(bars);
    const out = new Float64Array(price.length).fill(NaN);
    for (let i = period; i < price.length; i++) {
      let rising = 0;
      let falling = 0;
      for (let j = i - period + 1; j <= i; j++) {
        const flow = price[j] * bars.volume[j];
        if (price[j] > price[j - 1]) rising += flow;
        else if (price[j] < price[j - 1]) falling += flow;
      }
      out[i] = rising + falling === 0 ? 0 : (100 * rising) / (rising + falling);
    }
    return [out];
  },
};
