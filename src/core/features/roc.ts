import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';

const params = z.strictObject({ period: period(10, 'Bars between the two closes', 1) });
type Params = z.infer<typeof params>;

/** 100 (C/C[i−p] − 1); first valid index p; NaN where the earlier close is not positive. */
export const roc: Indicator<Params> = {
  name: 'roc',
  title: 'Rate of change',
  summary: 'Percent by which the close moved in the last bars.',
  params,
  columns: ({ period }) => [`roc_${period}`],
  warmup: ({ period }) => period,
  compute({ close }, { period }) {
    const out = new Float64Array(close.length);
    out.fill(NaN, 0, period);
    for (let i = period; i < close.length; i++) {
      const before = close[i - period];
      out[i] = before > 0 ? 100 * (close[i] / before - 1) : NaN;
    }
    return [out];
  },
};
