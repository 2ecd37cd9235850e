import { expect, it } from 'vitest';
import { quantile } from '#core/quantile.ts';

it('lies between neighbours by straight lines, as numpy.quantile', () => {
  const values = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile(values, share))).toEqual([1, 1.75, 3, 6.8, 8].map(near));
  expect(quantile([5], 0.3)).toBe(5);
});

function near(value: number): unknown {
  return expect.closeTo(value, 12);
}
