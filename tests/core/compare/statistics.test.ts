import { expect, it } from 'vitest';
import { holm } from '#core/compare/holm.ts';
import { isWithinSeeds, missingSeeds, spreadOf } from '#core/compare/seed-spread.ts';

it('Holm makes p-values as large as p.adjust of R does', () => {
  const rounded = (p: readonly number[]) => holm(p).map((value) => Number(value.toFixed(6)));
  // p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm") and p.adjust(c(0.6, 0.9), "holm")
  expect(rounded([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
  expect(rounded([0.6, 0.9])).toEqual([1, 1]);
  expect(holm([0.03])).toEqual([0.03]);
  expect(holm([])).toEqual([]);
});

it('the spread between seeds is a standard deviation, of two runs at least', () => {
  const spread = spreadOf([{ da: 0.5, rmse: 1 }, { da: 0.52, rmse: NaN }, { da: 0.54 }]);
  expect(spread).toEqual({ da: { sd: expect.closeTo(0.02, 12), n: 3 } });
});

it('a difference is within seeds where two other seeds would show as much', () => {
  const spread = { da: { sd: 0.003, n: 3 } };
  const wide = { da: { sd: 0.004, n: 2 } };
  // Two deviations of the difference: 2 · 0.005.
  expect(isWithinSeeds(-0.009, 'da', spread, wide)).toBe(true);
  expect(isWithinSeeds(0.011, 'da', spread, wide)).toBe(false);
  // The other is taken to vary as much: 2 · 0.003 · √2.
  expect(isWithinSeeds(0.0084, 'da', spread, {})).toBe(true);
  expect(isWithinSeeds(0.0086, 'da', {}, spread)).toBe(false);
  expect(isWithinSeeds(0.0086, 'f1', spread, wide)).toBeNull();
  expect(isWithinSeeds(NaN, 'da', spread, wide)).toBeNull();
});

it('the seeds to try are the smallest that make three', () => {
  expect(missingSeeds([1])).toEqual([2, 3]);
  expect(missingSeeds([2, 7])).toEqual([1]);
  expect(missingSeeds([1, 2, 3])).toEqual([]);
  expect(missingSeeds([5, 6, 7, 8])).toEqual([]);
});
