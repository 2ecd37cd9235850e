import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { over } from './ratio.ts';
import { ema, emaWarmup } from './smoothers.ts';

const params = z
  .strictObject({
    fast: period(12, 'Bars of the fast EMA; less than slow'),
    slow: period(26, 'Bars of the slow EMA'),
    signal: period(9, 'Bars of the EMA of the line'),
  })
  .refine(({ fast, slow }) => fast < slow, { message: 'fast must be less than slow', path: ['fast'] });
type Params = z.infer<typeof params>;

/**
 * Line EMA_fast − EMA_slow, its EMA as signal, and their difference, each over the close. As in TA-Lib the fast EMA is
 * seeded with bars slow−fast … slow−1, so that both start at slow − 1; the signal starts at slow + signal − 2.
 */
export const macd: Indicator<Params> = {
  name: 'macd',
  title: 'MACD',
  summary: 'Moving average convergence/divergence (Appel): line, signal and histogram as shares of the close.',
  params,
  columns: ({ fast, slow, signal }) =>
    ['macd', 'macd_signal', 'macd_hist'].map((name) => `${name}_${fast}_${slow}_${signal}`),
  // The signal line needs its own period on top of that of the line.
  warmup: ({ slow, signal }) => emaWarmup(slow) + signal,
  compute({ close }, { fast, slow, signal }) {
    const { line, signalLine } = macdLines(close, fast, slow, signal);
    const histogram = line.map((value, i) => value - signalLine[i]);
    return [over(line, close), over(signalLine, close), over(histogram, close)];
  },
};

/** The two lines in price units, as TA-Lib gives them. */
export function macdLines(close: Float64Array, fast: number, slow: number, signal: number) {
  const slowEma = ema(close, slow);
  const line = ema(close, fast, slow - fast).map((value, i) => value - slowEma[i]);
  return { line, signalLine: ema(line, signal, slow - 1) };
}
