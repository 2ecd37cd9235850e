import { linear } from './linear.ts';

export const dlinear = linear({
  title: 'DLinear',
  summary: 'linear on trend and rest',
  maps: 2,
  /** Window, trend and season; both joined, and that transposed (2 L each); and the window with 24 bars repeated at its ends. */
  held: (lookback) => 8 * lookback + 24,
});
