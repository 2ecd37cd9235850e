import { z } from 'zod';
import type { Bars } from '#core/bars/bars.ts';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { zScore } from './z-score.ts';

const params = z.strictObject({ period: period(50, 'Bars of mean and deviation, the newest included') });
type Params = z.infer<typeof params>;

/** On-balance volume against its mean and population deviation of the last p bars; 0 where it did not move. */
export const obvZ: Indicator<Params> = {
  name: 'obv_z',
  title: 'OBV z-score',
  summary: 'On-balance volume (Granville) in deviations from its mean; its level means nothing.',
  params,
  needsVolume: true,
  columns: ({ period }) => [`obv_z_${period}`],
  warmup: ({ period }) => period - 1,
  compute: (bars, { period }) => [zScore(onBalanceVolume(bars), period)],
};

/** Running sum of the volume with the sign of the close's change, from 0. */
export function onBalanceVolume({ close, volume }: Bars): Float64Array {
  const out = new Float64Array(close.length);
  let level = 0;
  for (let i = 1; i < close.length; i++) {
    level += Math.sign(close[i] - close[i - 1]) * volume[i];
    out[i] = level;
  }
  return out;
}
