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
  compute: ({ close }, { period }) => [
    close.map((value, i) => (i >= period && close[i - period] > 0 ? 100 * (value / close[i - period] - 1) : NaN)),
  ],
};
