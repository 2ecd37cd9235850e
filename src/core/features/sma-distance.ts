import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { distanceFrom } from './mean-distance.ts';
import { period } from './period.ts';
import { sma } from './smoothers.ts';

const params = z.strictObject({ period: period(50, 'Bars of the mean') });
type Params = z.infer<typeof params>;

/** C/SMA − 1; first valid index p − 1. */
export const smaDistance: Indicator<Params> = {
  name: 'sma_distance',
  title: 'SMA distance',
  summary: 'Close over its simple moving average, minus one.',
  params,
  columns: ({ period }) => [`sma_distance_${period}`],
  warmup: ({ period }) => period - 1,
  compute: ({ close }, { period }) => [distanceFrom(sma(close, period), close)],
};
