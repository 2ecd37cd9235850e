import { expect, test } from 'vitest';
import { histogram } from '#core/chart/histogram.ts';

test('a missing value is in no bin, and is counted', () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => (i < 250 ? NaN : 40 + (i % 20)));
  const { counts, edges, missing } = histogram(values);
  expect(missing).toBe(250);
  expect(counts.reduce((sum, count) => sum + count)).toBe(750);
  // No spike at zero: the picture begins where the values do.
  expect(edges[0]).toBe(40);
});

test('values beyond the ends are in the outer bins, and are counted', () => {
  const values = Float64Array.from({ length: 2000 }, (_, i) => (i - 1000) / 100);
  values[0] = -500;
  values[1999] = 900;
  const { counts, edges, outside } = histogram(values);
  expect(edges[0]).toBeGreaterThan(-11);
  expect(edges.at(-1)).toBeLessThan(11);
  expect(counts.reduce((sum, count) => sum + count)).toBe(2000);
  const below = values.filter((value) => value < edges[0]).length;
  const above = values.filter((value) => value > edges[edges.length - 1]).length;
  expect(outside).toEqual([below, above]);
  expect(below).toBeGreaterThan(0);
});

test('values that are all equal are one bin with nothing beyond it', () => {
  expect(histogram([5, 5, 5])).toEqual({ edges: [4.5, 5.5], counts: [3], missing: 0, outside: [0, 0] });
  expect(histogram([NaN])).toEqual({ edges: [0, 1], counts: [0], missing: 1, outside: [0, 0] });
});
