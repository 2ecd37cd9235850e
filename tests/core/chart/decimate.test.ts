import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimate, nearest } from '#core/chart/decimate.ts';

describe('decimate', () => {
  it('keeps every extreme, the ends and the order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(NaN)), {
          minLength: 1,
          maxLength: 600,
        }),
        fc.integer({ min: 1, max: 30 }),
        (y, buckets) => {
          const x = y.map((_, i) => i * 3);
          const kept = [...decimate(x, y, buckets)];
          expect(kept.length).toBeLessThanOrEqual(5 * buckets + 2);
          expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
          expect(kept[0]).toBe(0);
          expect(kept.at(-1)).toBe(y.length - 1);
          const finite = y.filter(Number.isFinite);
          if (finite.length === 0) return;
          const shown = kept.map((i) => y[i] ?? NaN).filter(Number.isFinite);
          expect(Math.max(...shown)).toBe(Math.max(...finite));
          expect(Math.min(...shown)).toBe(Math.min(...finite));
        },
      ),
    );
  });

  it('shows the part asked for and one point beyond each edge', () => {
    const x = Array.from({ length: 100 }, (_, i) => i);
    expect([...decimate(x, x, 50, 10, 12)]).toEqual([9, 10, 11, 12]);
  });

  it('closes no gap: a value that is not finite is kept, and is no extreme', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i);
    for (const odd of [NaN, Infinity, -Infinity]) {
      const y = x.map((i) => (i === 523 ? odd : Math.sin(i / 50)));
      const kept = [...decimate(x, y, 20)];
      expect(kept).toContain(523);
      expect(Math.max(...kept.map((i) => y[i] ?? NaN).filter(Number.isFinite))).toBe(
        Math.max(...y.filter(Number.isFinite)),
      );
    }
  });

  it('finds the nearest x', () => {
    expect([nearest([0, 10, 20], 4), nearest([0, 10, 20], 6), nearest([0, 10, 20], 99), nearest([], 1)]).toEqual([
      0, 1, 2, -1,
    ]);
  });
});
