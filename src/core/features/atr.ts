import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { over } from './ratio.ts';
import { wilder, wilderWarmup } from './smoothers.ts';
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
  compute: (bars, { period }) => [over(wilder(trueRange(bars), period, 1), bars.close)],
};
