import { describe, expect, it } from 'vitest';
import { initialize } from '#trainer/ml/models/initializer.ts';

describe('initialize', () => {
  it.each([
    ['he', [3, 40, 50], Math.sqrt(6 / 120)],
    ['glorot', [60, 40], Math.sqrt(6 / 100)],
  ] as const)('%s fills ± its limit, and no further', (name, shape, limit) => {
    const values = initialize(name, shape, 1, 0);
    expect(values).toHaveLength(shape.reduce((a, b) => a * b, 1));
    const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    expect(largest).toBeLessThanOrEqual(limit);
    expect(largest).toBeGreaterThan(0.99 * limit);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0, 1);
  });

  it('makes square blocks orthogonal', () => {
    const n = 16;
    const values = initialize('orthogonal', [n, 3 * n], 1, 0);
    for (let block = 0; block < 3; block++) {
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < n; b++) {
          let product = 0;
          for (let c = 0; c < n; c++) product += values[a * 3 * n + block * n + c] * values[b * 3 * n + block * n + c];
          expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
        }
      }
    }
  });

  it('gives each parameter its own numbers, and zeros where zeros are due', () => {
    expect([...initialize('he', [4, 4], 1, 0)]).not.toEqual([...initialize('he', [4, 4], 1, 1)]);
    expect([...initialize('zeros', [3], 1, 0)]).toEqual([0, 0, 0]);
  });
});
