import { z } from 'zod';
import { lossSpec } from './loss-spec.ts';

export const huber = lossSpec({
  kind: 'huber',
  title: 'Huber',
  summary: 'Squared for small errors, linear beyond delta, so that outliers do not rule.',
  scales: ['value'],
  params: {
    delta: z
      .number()
      .min(0.01)
      .max(100)
      .default(1)
      .meta({ title: 'Delta', description: 'Errors beyond this many standard deviations count linearly' }),
  },
});
