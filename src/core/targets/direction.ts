import { countWords } from '#core/count-words.ts';
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
  outcome: forwardReturns,
  labels: (outcome) => outcome.map((value) => (value === 0 || Number.isNaN(value) ? NaN : +(value > 0))),
  fromReturn: (change) => (1 + Math.sign(change)) / 2,
  remarks(outcome) {
    const flat = outcome.reduce((count, value) => count + Number(value === 0), 0);
    const percent = ((100 * flat) / outcome.length).toFixed(1);
    return flat > 0
      ? [
          `${countWords(flat, 'row')} (${percent} %) with a zero return, hence without a direction: not in its loss or score`,
        ]
      : [];
  },
};
