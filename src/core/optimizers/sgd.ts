import { z } from 'zod';
import type { OptimizerDescriptor } from './descriptor.ts';
import { learningRate } from './learning-rate.ts';
import { weightDecay } from './weight-decay.ts';

export const sgd = {
  title: 'SGD',
  summary: 'Stochastic gradient descent with heavy-ball momentum.',
  buffers: 1,
  schema: z.strictObject({
    kind: z.literal('sgd'),
    learning_rate: learningRate,
    weight_decay: weightDecay(0),
    momentum: z.number().min(0).max(0.9999).default(0.9).meta({ title: 'Momentum' }),
  }),
} satisfies OptimizerDescriptor;
