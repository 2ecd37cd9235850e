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
  compute(bars, { period }) {
    const { high, low } = bars;
    const range = trueRange(bars);
    const [plusMove, minusMove] = [new Float64Array(high.length), new Float64Array(high.length)];
    for (let i = 1; i < high.length; i++) {
      const up = high[i] - high[i - 1];
      const down = low[i - 1] - low[i];
      // An inside or outside bar often moves as far up as down: then neither counts.
      const order = orderOf(up, down, Math.max(Math.abs(high[i]), Math.abs(high[i - 1])));
      if (order > 0 && up > 0) plusMove[i] = up;
      else if (order < 0 && down > 0) minusMove[i] = down;
    }
    const total = wilderSums(range, period);
    const plus = share(wilderSums(plusMove, period), total);
    const minus = share(wilderSums(minusMove, period), total);
    return [averageIndex(plus, minus, period), plus, minus];
  },
};

function wilderSums(x: Float64Array, period: number): Float64Array {
  const out = new Float64Array(x.length).fill(NaN);
  let sum = 0;
  for (let i = 1; i < x.length; i++) {
    sum = i < period ? sum + x[i] : sum - sum / period + x[i];
    if (i >= period) out[i] = sum;
  }
  return out;
}

function share(moves: Float64Array, total: Float64Array): Float64Array {
  return moves.map((move, i) => (total[i] === 0 ? 0 : (100 * move) / total[i]));
}

function averageIndex(plus: Float64Array, minus: Float64Array, period: number): Float64Array {
  const out = new Float64Array(plus.length).fill(NaN);
  let value = 0;
  for (let i = period; i < plus.length; i++) {
    const sum = plus[i] + minus[i];
    const index = sum === 0 ? null : (100 * Math.abs(plus[i] - minus[i])) / sum;
    if (i < 2 * period) value += (index ?? 0) / period;
    else if (index !== null) value += (index - value) / period;
    if (i >= 2 * period - 1) out[i] = value;
  }
  return out;
}
