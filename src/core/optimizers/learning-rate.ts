import { z } from 'zod';

/** The option that every optimizer has. */
export const learningRate = z
  .number()
  .min(1e-6)
  .max(1)
  .default(1e-3)
  .meta({ title: 'Learning rate', description: 'Highest rate, reached after the warm-up' });
