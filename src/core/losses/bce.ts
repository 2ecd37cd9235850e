import { z } from 'zod';
import { lossSpec } from './loss-spec.ts';

export const bce = lossSpec({
  kind: 'bce',
  title: 'Binary cross-entropy',
  summary: 'Minus the logarithm of the probability given to what came true.',
  scales: ['binary'],
  params: {
    label_smoothing: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .meta({ title: 'Label smoothing', description: 'Labels 0 and 1 become ε/2 and 1 − ε/2' }),
  },
});
