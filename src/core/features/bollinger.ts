import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { deviation, sma } from './smoothers.ts';

const params = z.strictObject({
  period: period(20, 'Bars of mean and deviation'),
  deviations: z.number().min(0.1).max(10).default(2).describe('Half width of the band in standard deviations'),
});
type Params = z.infer<typeof params>;

/** %B = (C−lower)/(upper−lower), 0.5 where the band has no width, and (upper−lower)/mean; population deviation. */
export const bollinger: Indicator<Params> = {
  name: 'bollinger',
  title: 'Bollinger bands',
  summary: 'Place of the close inside the Bollinger band (%B, 0 lower to 1 upper) and the width of the band.',
  params,
  columns: ({ period, deviations }) => [`percent_b_${period}_${deviations}`, `band_width_${period}_${deviations}`],
  warmup: ({ period }) => period - 1,
  compute({ close }, { period, deviations }) {
    const mean = sma(close, period);
    const sd = deviation(close, mean, period);
    const percent = new Float64Array(close.length).fill(NaN);
    const width = new Float64Array(close.length).fill(NaN);
    for (let i = period - 1; i < close.length; i++) {
      const half = deviations * sd[i];
      // Below this the width is rounding of the mean, not movement of the price.
      const flat = half <= 1e-12 * Math.abs(mean[i]);
      percent[i] = flat ? 0.5 : (close[i] - mean[i] + half) / (2 * half);
      if (mean[i] > 0) width[i] = flat ? 0 : (2 * half) / mean[i];
    }
    return [percent, width];
  },
};
