import { lossSpec } from './loss-spec.ts';

export const mse = lossSpec({
  kind: 'mse',
  title: 'Mean squared error',
  summary: 'The squared error: a few large moves count most.',
  scales: ['value'],
  params: {},
});
