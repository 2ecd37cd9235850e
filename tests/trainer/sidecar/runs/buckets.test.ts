import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thinSeries } from '#trainer/sidecar/runs/buckets.ts';

const series = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.double({ noNaN: false })), { minLength: 1, maxLength: 400 })
  .map((steps) => {
    let step = 0;
    return steps.map(([gap, value]) => ({ step: (step += gap), value }));
  });

test('a thinned series keeps ends, extremes and order, invents nothing and is as short as asked', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 4, max: 100 }), (points, wanted) => {
      const thin = thinSeries(points, wanted);
      expect(thin.every((point) => points.includes(point))).toBe(true);
      expect(thin.map(({ step }) => step)).toEqual([...thin].map(({ step }) => step).sort((a, b) => a - b));
      expect(new Set(thin).size).toBe(thin.length);
      expect([thin[0], thin.at(-1)]).toEqual([points[0], points.at(-1)]);
      const finite = (list: readonly { value: number }[]) => list.map(({ value }) => value).filter(Number.isFinite);
      expect([Math.min(...finite(thin)), Math.max(...finite(thin))]).toEqual([
        Math.min(...finite(points)),
        Math.max(...finite(points)),
      ]);
      if (points.every(({ value }) => Number.isFinite(value)))
        expect(thin.length).toBeLessThanOrEqual(Math.max(wanted, 4));
    }),
  );
});
