import { describeModel } from './conformance.ts';

// Windows shorter and longer than the 25 bars of the moving average.
describeModel(
  'dlinear',
  [
    { lookback: 8, features: 3, outputs: 2 },
    { lookback: 40, features: 2, outputs: 1 },
  ],
  { dropsNothing: true },
);
