import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { distanceFrom } from './mean-distance.ts';
import { period } from './period.ts';
import { ema, emaWarmup } from './smoothers.ts';

const params = z.strictObject({ period: period(50, 'Bars of the mean') });
type Params = z.infer<typeof params>;

/** C/EMA − 1, the EMA seeded by the mean of the first p closes; first valid index p − 1. */
export const emaDistance: Indicator<Params> = {
  name: 'ema_distance',
  title: 'EMA distance',
  summary: 'Close over its exponential moving average, minus one.',
  params,
  columns: ({ period }) => [`ema_distance_${period}`],
  warmup: ({ period }) => emaWarmup(period),
  compute: ({ close }, { period }) => [distanceFrom(ema(close, period), close)],
};
