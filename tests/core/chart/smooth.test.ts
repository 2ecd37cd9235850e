import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smooth } from '#core/chart/smooth.ts';

const values = fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(NaN)), {
  maxLength: 200,
});
const weights = fc.double({ min: 0, max: 0.99, noNaN: true });

describe('smoothing', () => {
  it('is the weighted mean of what came until then', () => {
    expect([...smooth([4, 8], 0.5)]).toEqual([4, (0.25 * 4 + 0.5 * 8) / 0.75]);
    expect([...smooth([3, 1, 2], 0)]).toEqual([3, 1, 2]);
  });

  it('keeps gaps: nothing is drawn where nothing was measured, and what follows goes on as if they were not there', () => {
    fc.assert(
      fc.property(values, weights, (y, weight) => {
        const smoothed = smooth(y, weight);
        expect([...smoothed].map(Number.isNaN)).toEqual(y.map(Number.isNaN));
        expect([...smoothed].filter((value) => !Number.isNaN(value))).toEqual([
          ...smooth(
            y.filter((value) => !Number.isNaN(value)),
            weight,
          ),
        ]);
      }),
    );
    expect([...smooth([1, Infinity, 1], 0.9)]).toEqual([1, NaN, 1]);
  });

  it('stays within the values, and does not change as more come', () => {
    fc.assert(
      fc.property(values, weights, (y, weight) => {
        const finite = y.filter(Number.isFinite);
        const smoothed = smooth(y, weight);
        for (const value of smoothed) {
          if (Number.isNaN(value)) continue;
          expect(value).toBeGreaterThanOrEqual(Math.min(...finite) - 1e-3);
          expect(value).toBeLessThanOrEqual(Math.max(...finite) + 1e-3);
        }
        const half = Math.floor(y.length / 2);
        expect([...smooth(y.slice(0, half), weight)]).toEqual([...smoothed.subarray(0, half)]);
      }),
    );
  });
});
