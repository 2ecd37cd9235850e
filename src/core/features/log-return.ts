import { z } from 'zod';
import type { Indicator } from './indicator.ts';

const params = z.strictObject({ period: z.int().min(1).max(1000).default(1).describe('Bars between the two closes') });
type Params = z.infer<typeof params>;

/** ln(C[i] / C[i−k]); NaN where either close is not positive (FORMULAS.md#indicators). */
export const logReturn: Indicator<Params> = {
  name: 'log_return',
  title: 'Log return',
  summary: 'Natural logarithm of the close over the close `period` bars before.',
  params,
  columns: ({ period }) => [`log_return_${period}`],
  warmup: ({ period }) => period,
  compute({ close }, { period }) {
    const out = new Float64Array(close.length);
    out.fill(NaN, 0, period);
    for (let i = period; i < close.length; i++) {
      const before = close[i - period];
      out[i] = close[i] > 0 && before > 0 ? Math.log(close[i] / before) : NaN;
    }
    return [out];
  },
};
