import { describeModel } from './conformance.ts';

describeModel(
  'nlinear',
  [
    { lookback: 8, features: 3, outputs: 2 },
    { lookback: 17, features: 1, outputs: 1 },
  ],
  { dropsNothing: true },
);
