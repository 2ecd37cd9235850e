import { countWords } from '#core/count-words.ts';
import type { Bars } from '#core/bars/bars.ts';
import { binaryScale } from './binary-scale.ts';
import { forwardReturns } from './forward-returns.ts';
import type { Target } from './target.ts';

/** Which way the price goes; a price that stays has no direction. */
export const direction: Target<'direction'> = {
  kind: 'direction',
  summary: '1 where the forward log return is above zero, 0 where it is below',
  phrase: 'a direction',
  stem: 'dir',
  scale: binaryScale,
  defaultLoss: 'bce',
  labels: (bars, horizon) =>
    forwardReturns(bars, horizon).map((value) => (value === 0 || Number.isNaN(value) ? NaN : +(value > 0))),
  fromReturn: (change) => (1 + Math.sign(change)) / 2,
  remarks(bars, horizon) {
    const { length } = bars.close;
    const flat = countFlat(bars, horizon);
    const percent = ((100 * flat) / length).toFixed(1);
    return flat > 0
      ? [`${countWords(flat, 'row')} (${percent} %) with a zero return, hence without a direction: not used`]
      : [];
  },
};

function countFlat({ close, segment }: Bars, horizon: number): number {
  let flat = 0;
  for (let i = 0; i + horizon < close.length; i++) {
    if (segment[i] === segment[i + horizon] && close[i] === close[i + horizon]) flat++;
  }
  return flat;
}
