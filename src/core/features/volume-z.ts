import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { deviation, sma } from './smoothers.ts';

const params = z.strictObject({ period: period(50, 'Bars of mean and deviation, the newest included') });
type Params = z.infer<typeof params>;

/** (ln(1+V) − mean)/sd over the last p bars, population sd; 0 where all of them are equal; first valid index p − 1. */
export const volumeZ: Indicator<Params> = {
  name: 'volume_z',
  title: 'Volume z-score',
  summary: 'Logarithm of volume against its own mean and deviation over the last bars.',
  params,
  needsVolume: true,
  columns: ({ period }) => [`volume_z_${period}`],
  warmup: ({ period }) => period - 1,
  compute({ volume }, { period }) {
    const log = volume.map((value) => Math.log1p(value));
    const mean = sma(log, period);
    const sd = deviation(log, mean, period);
    return [log.map((value, i) => (sd[i] <= 1e-12 * Math.abs(mean[i]) ? 0 : (value - mean[i]) / sd[i]))];
  },
};
