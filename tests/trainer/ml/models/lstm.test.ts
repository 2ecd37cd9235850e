import { describeModel } from './conformance.ts';

describeModel('lstm', [
  { lookback: 8, features: 3, outputs: 2 },
  { lookback: 9, features: 1, outputs: 1 },
]);
