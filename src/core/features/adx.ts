import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { orderOf } from './order.ts';
import { period } from './period.ts';
import { trueRange } from './true-range.ts';

const params = z.strictObject({ period: period(14, 'Bars of the Wilder sums') });
type Params = z.infer<typeof params>;

/**
 * ADX, +DI and −DI as TA-Lib seeds them: sums of the p − 1 bars 1 … p−1, then S − S/p + x; DI from p, ADX from 2p − 1.
 * Where nothing moved the DI are 0 and the ADX stays as it was.
 */
export const adx: Indicator<Params> = {
  name: 'adx',
  title: 'ADX',
  summary: 'Average directional index and its two directional indicators (Wilder 1978), 0 to 100.',
  params,
  columns: ({ period }) => [`adx_${period}`, `plus_di_${period}`, `minus_di_${period}`],
  // Two Wilder means in a row: (1 + m/p)·exp(−m/p) falls to 0.1 % at m = 9.2 p.
  warmup: ({ period }) => Math.ceil(9.2 * period),
  compute({ high, low, close }, { period }) {
    const [adx, plusDi, minusDi] = [0, 1, 2].map(() => new Float64Array(close.length).fill(NaN));
    const weight = 1 / period;
    let range = 0;
    let plus = 0;
    let minus = 0;
    let index = 0;
    for (let i = 1; i < close.length; i++) {
      const kept = i < period ? 1 : 1 - weight;
      const up = high[i] - high[i - 1];
      const down = low[i - 1] - low[i];
      // An inside or outside bar often moves as far up as down: then neither counts.
      const order = orderOf(up, down, Math.abs(high[i]) + Math.abs(high[i - 1]));
      plus = kept * plus + (order > 0 && up > 0 ? up : 0);
      minus = kept * minus + (order < 0 && down > 0 ? down : 0);
      range = kept * range + trueRange(high[i], low[i], close[i - 1]);
      if (i < period) continue;

      const ahead = range === 0 ? 0 : (100 * plus) / range;
      const behind = range === 0 ? 0 : (100 * minus) / range;
      plusDi[i] = ahead;
      minusDi[i] = behind;
      const moved = ahead + behind;
      const now = moved === 0 ? 0 : (100 * Math.abs(ahead - behind)) / moved;
      if (i < 2 * period) index += now / period;
      else if (moved !== 0) index += weight * (now - index);
      if (i >= 2 * period - 1) adx[i] = index;
    }
    return [adx, plusDi, minusDi];
  },
};
