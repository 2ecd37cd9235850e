import { forwardReturns } from './forward-returns.ts';
import type { Target } from './target.ts';
import { valueScale } from './value-scale.ts';

/** How far the price goes. */
export const forwardReturn: Target<'return'> = {
  kind: 'return',
  summary: 'forward log return',
  phrase: 'a return',
  stem: 'ret',
  scale: valueScale,
  defaultLoss: 'huber',
  outcome: forwardReturns,
  labels: (outcome) => outcome,
  fromReturn: (change) => change,
};
