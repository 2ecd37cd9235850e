import { z } from 'zod';
import type { Indicator } from './indicator.ts';

const params = z.strictObject({});
type Params = z.infer<typeof params>;

/** Body (C−O), upper and lower wick, each over H−L; all 0 where H = L. */
export const candleShape: Indicator<Params> = {
  name: 'candle_shape',
  title: 'Candle shape',
  summary: 'Body, upper and lower wick as shares of the bar’s range.',
  params,
  columns: () => ['candle_body', 'candle_upper', 'candle_lower'],
  warmup: () => 0,
  compute({ open, high, low, close }) {
    const body = new Float64Array(close.length);
    const upper = new Float64Array(close.length);
    const lower = new Float64Array(close.length);
    for (let i = 0; i < close.length; i++) {
      const range = high[i] - low[i];
      if (!(range > 0)) continue;
      body[i] = (close[i] - open[i]) / range;
      const rose = close[i] > open[i];
      upper[i] = (high[i] - (rose ? close[i] : open[i])) / range;
      lower[i] = ((rose ? open[i] : close[i]) - low[i]) / range;
    }
    return [body, upper, lower];
  },
};
