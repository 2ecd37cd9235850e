import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { wilder, wilderWarmup } from './smoothers.ts';

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
    const gain = new Float64Array(close.length);
    const loss = new Float64Array(close.length);
    for (let i = 1; i < close.length; i++) {
      const change = close[i] - close[i - 1];
      gain[i] = Math.max(change, 0);
      loss[i] = Math.max(-change, 0);
    }
    const up = wilder(gain, period, 1);
    const down = wilder(loss, period, 1);
    const out = up.map((value, i) => (value + down[i] === 0 ? flat : (100 * value) / (value + down[i])));
    return [out];
  },
};
