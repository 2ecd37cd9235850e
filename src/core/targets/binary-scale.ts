import { probabilityParts } from '#core/metrics/probability-score.ts';
import type { Scale } from './scale.ts';
import { shareUp } from './share-up.ts';

/** 0 or 1, left as it is; the model's output is the logit of the probability of 1. */
export const binaryScale: Scale = {
  name: 'binary',
  middle: 0.5,
  selectors: ['da', 'f1', 'log_loss', 'brier'],
  fit: () => ({ mean: 0, sd: 1 }),
  toUnits: (outputs) => outputs.map((z) => 1 / (1 + Math.exp(-z))),
  constant: (labels, train) => shareUp(labels, train, 0.5),
  confine: (probability) => Math.min(0.99, Math.max(0.01, probability)),
  parts: probabilityParts,
};
