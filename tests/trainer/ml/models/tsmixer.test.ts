import { describeModel } from './conformance.ts';

// Not below four features: normalised, two of them are −1 and 1 whatever they were, and no difference finds that slope.
describeModel('tsmixer', [
  { lookback: 8, features: 4, outputs: 2 },
  { lookback: 21, features: 5, outputs: 1 },
]);
