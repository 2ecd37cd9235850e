import { z } from 'zod';
import type { OptimizerDescriptor } from './descriptor.ts';
import { learningRate } from './learning-rate.ts';
import { weightDecay } from './weight-decay.ts';

export const adamw = {
  title: 'AdamW',
  summary: 'Adam with decoupled weight decay (Loshchilov and Hutter 2019).',
  buffers: 2,
  schema: z.strictObject({
    kind: z.literal('adamw'),
    learning_rate: learningRate,
    weight_decay: weightDecay(1e-4),
    beta1: z.number().min(0).max(0.9999).default(0.9).meta({ title: 'Beta 1', description: 'Decay of the mean' }),
    beta2: z
      .number()
      .min(0)
      .max(0.99999)
      .default(0.999)
      .meta({ title: 'Beta 2', description: 'Decay of the mean square' }),
    epsilon: z.number().min(1e-12).max(1e-2).default(1e-7).meta({ title: 'Epsilon' }),
  }),
} satisfies OptimizerDescriptor;
