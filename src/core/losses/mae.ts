import { lossSpec } from './loss-spec.ts';

export const mae = lossSpec({
  kind: 'mae',
  title: 'Mean absolute error',
  summary: 'The absolute error: every deviation counts as it is.',
  scales: ['value'],
  params: {},
});
