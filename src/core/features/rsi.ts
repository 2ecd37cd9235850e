import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { wilderWarmup } from './smoothers.ts';

const params = z.strictObject({
  period: period(14, 'Bars of the Wilder mean'),
  flat: z.number().min(0).max(100).default(50).describe('Value where nothing moved: 50 is neutral, TA-Lib gives 0'),
});
type Params = z.infer<typeof params>;

/**
 * 100 G/(G+L), G and L the Wilder means of gains and losses (FORMULAS.md#indicators, seeded as TA-Lib); first valid
 * index p.
 */
export const rsi: Indicator<Params> = {
  name: 'rsi',
  title: 'RSI',
  summary: 'Relative strength index (Wilder 1978), 0 to 100: mean gain over mean gain plus mean loss.',
  params,
  columns: ({ period }) => [`rsi_${period}`],
  warmup: ({ period }) => wilderWarmup(period),
  compute({ close }, { period, flat }) {
    const out = new Float64Array(close.length);
    out.fill(NaN, 0, period);
    const weight = 1 / period;
    let up = 0;
    let down = 0;
    for (let i = 1; i < close.length; i++) {
      const change = close[i] - close[i - 1];
      // Half the sum of |x| and x is x or 0 without a branch, which would be guessed wrong at every other bar.
      const gain = (Math.abs(change) + change) / 2;
      const loss = gain - change;
      if (i <= period) {
        up += weight * gain;
        down += weight * loss;
      } else {
        up += weight * (gain - up);
        down += weight * (loss - down);
      }
      if (i >= period) out[i] = up + down === 0 ? flat : (100 * up) / (up + down);
    }
    return [out];
  },
};
