import { linear } from './linear.ts';

export const nlinear = linear({
  title: 'NLinear',
  summary: 'linear on the distance to the last bar',
  maps: 1,
  /** Window, its distance to the last bar, and that transposed. */
  held: (lookback) => 3 * lookback,
});
