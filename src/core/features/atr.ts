import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { wilderWarmup } from './smoothers.ts';
import { trueRange } from './true-range.ts';

const params = z.strictObject({ period: period(14, 'Bars of the Wilder mean') });
type Params = z.infer<typeof params>;

/** ATR over the close: Wilder mean of the true range, seeded by the mean of TR[1..p]; first valid index p. */
export const atr: Indicator<Params> = {
  name: 'atr',
  title: 'ATR',
  summary: 'Average true range (Wilder 1978) as a share of the close.',
  params,
  columns: ({ period }) => [`atr_${period}`],
  warmup: ({ period }) => wilderWarmup(period),
  compute({ high, low, close }, { period }) {
    const out = new Float64Array(close.length);
    out.fill(NaN, 0, period);
    const weight = 1 / period;
    let mean = 0;
    for (let i = 1; i < close.length; i++) {
      const range = trueRange(high[i], low[i], close[i - 1]);
      mean += weight * (i <= period ? range : range - mean);
      if (i >= period) out[i] = close[i] > 0 ? mean / close[i] : NaN;
    }
    return [out];
  },
};
