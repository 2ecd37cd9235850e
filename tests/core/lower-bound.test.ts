import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lowerBound } from '#core/lower-bound.ts';

it('finds the first that is not below, of equal ones too, or says how many there are', () => {
  const values = [1, 3, 3, 3, 7];
  expect([0, 1, 2, 3, 4, 7, 8].map((least) => lowerBound(values, least))).toEqual([0, 0, 1, 1, 4, 4, 5]);
  expect(lowerBound([], 1)).toBe(0);
  expect(lowerBound(values, Infinity)).toBe(5);
});

it('agrees with a search from the beginning', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 })), fc.integer({ min: -25, max: 25 }), (some, least) => {
      const values = Float64Array.from(some).sort();
      expect(lowerBound(values, least)).toBe(values.filter((value) => value < least).length);
    }),
  );
});
