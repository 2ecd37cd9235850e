import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { zScore } from './z-score.ts';

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
    const log = new Float64Array(volume.length);
    for (let i = 0; i < log.length; i++) log[i] = Math.log1p(volume[i]);
    return [zScore(log, period)];
  },
};
