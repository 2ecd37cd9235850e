import { z } from 'zod';

/** Decay of kernels, not of biases. */
export function weightDecay(fallback: number) {
  return z
    .number()
    .min(0)
    .max(1)
    .default(fallback)
    .meta({ title: 'Weight decay', description: 'Decoupled; times the learning rate' });
}
