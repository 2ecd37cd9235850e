import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';

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
    const squares = close.map((value, i) => (i > 0 ? Math.log(value / close[i - 1]) ** 2 : NaN));
    const out = new Float64Array(close.length).fill(NaN);
    for (let i = period; i < close.length; i++) {
      let sum = 0;
      for (let j = i - period + 1; j <= i; j++) sum += squares[j];
      if (Number.isFinite(sum)) out[i] = Math.sqrt(sum);
    }
    return [out];
  },
};
