import { z } from 'zod';
import type { Bars } from '#core/bars/bars.ts';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { deviation, sma } from './smoothers.ts';

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
  compute(bars, { period }) {
    const level = onBalanceVolume(bars);
    const mean = sma(level, period);
    const sd = deviation(level, mean, period);
    return [level.map((value, i) => (sd[i] <= 1e-12 * Math.abs(mean[i]) ? 0 : (value - mean[i]) / sd[i]))];
  },
};

/** Running sum of the volume with the sign of the close's change, from 0. */
export function onBalanceVolume({ close, volume }: Bars): Float64Array {
  const out = new Float64Array(close.length);
  for (let i = 1; i < close.length; i++) out[i] = out[i - 1] + Math.sign(close[i] - close[i - 1]) * volume[i];
  return out;
}
