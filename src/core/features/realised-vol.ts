import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { windowSum } from './rolling.ts';

const params = z.strictObject({ period: period(20, 'Bars over which squared returns are summed') });
type Params = z.infer<typeof params>;

/** √Σr² over the last p log returns, not annualised; first valid index p. NaN where a close is not positive. */
export const realisedVol: Indicator<Params> = {
  name: 'realised_vol',
  title: 'Realised volatility',
  summary: 'Square root of the sum of squared log returns of the last bars.',
  params,
  columns: ({ period }) => [`realised_vol_${period}`],
  warmup: ({ period }) => period,
  compute({ close }, { period }) {
    const out = new Float64Array(close.length);
    for (let i = 1; i < close.length; i++) {
      const change = Math.log(close[i] / close[i - 1]);
      out[i] = change * change;
    }
    windowSum(out, period, 1, out);
    for (let i = period; i < out.length; i++) out[i] = out[i] < Infinity ? Math.sqrt(out[i]) : NaN;
    return [out];
  },
};
