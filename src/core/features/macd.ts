import { z } from 'zod';
import type { Indicator } from './indicator.ts';
import { period } from './period.ts';
import { emaWarmup } from './smoothers.ts';

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
    const [line, signalLine, histogram] = [0, 1, 2].map(() => new Float64Array(close.length).fill(NaN));
    const [ofFast, ofSlow, ofSignal] = [fast, slow, signal].map((period) => 2 / (period + 1));
    let fastMean = 0;
    let slowMean = 0;
    let signalMean = 0;
    for (let i = 0; i < close.length; i++) {
      const price = close[i];
      // Each mean is seeded by the simple mean of its first values.
      if (i >= slow) fastMean += ofFast * (price - fastMean);
      else if (i >= slow - fast) fastMean += price / fast;
      if (i >= slow) slowMean += ofSlow * (price - slowMean);
      else slowMean += price / slow;
      if (i < slow - 1) continue;

      const difference = fastMean - slowMean;
      if (i >= slow - 1 + signal) signalMean += ofSignal * (difference - signalMean);
      else signalMean += difference / signal;
      if (!(price > 0)) continue;
      line[i] = difference / price;
      if (i < slow + signal - 2) continue;
      signalLine[i] = signalMean / price;
      histogram[i] = (difference - signalMean) / price;
    }
    return [line, signalLine, histogram];
  },
};
