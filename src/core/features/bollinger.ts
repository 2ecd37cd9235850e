import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { windowMoments } from './rolling.ts';

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
    const percent = new Float64Array(close.length);
    const width = new Float64Array(close.length);
    percent.fill(NaN, 0, period - 1);
    width.fill(NaN, 0, period - 1);
    windowMoments(close, period, (first, rows, mean, deviation) => {
      for (let j = 0; j < rows; j++) {
        const half = deviations * deviation[j];
        // Below this the width is rounding of the mean, not movement of the price.
        const flat = half <= 1e-12 * Math.abs(mean[j]);
        percent[first + j] = flat ? 0.5 : (close[first + j] - mean[j] + half) / (2 * half);
        width[first + j] = !(mean[j] > 0) ? NaN : flat ? 0 : (2 * half) / mean[j];
      }
    });
    return [percent, width];
  },
};
