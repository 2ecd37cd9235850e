import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curveThinning, thinRows } from '#core/chart/thin-rows.ts';

const series = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.double({ noNaN: false })), { minLength: 1, maxLength: 400 })
  .map((steps) => {
    let step = 0;
    return steps.map(([gap, value]) => ({ step: (step += gap), value }));
  });

test('a thinned series keeps ends, extremes and order, invents nothing and is as short as asked', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 4, max: 100 }), (points, wanted) => {
      const thin = thinRows(points, wanted, curveThinning);
      expect(thin.every((point) => points.includes(point))).toBe(true);
      expect(thin.map(({ step }) => step)).toEqual([...thin].map(({ step }) => step).sort((a, b) => a - b));
      expect(new Set(thin).size).toBe(thin.length);
      expect([thin[0], thin.at(-1)]).toEqual([points[0], points.at(-1)]);
      const finite = (list: readonly { value: number }[]) => list.map(({ value }) => value).filter(Number.isFinite);
      expect([Math.min(...finite(thin)), Math.max(...finite(thin))]).toEqual([
        Math.min(...finite(points)),
        Math.max(...finite(points)),
      ]);
      expect(thin.length).toBeLessThanOrEqual(Math.max(wanted, 5));
    }),
  );
});

test('a series that is thinned while it grows keeps the extremes of all that was there', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 4, max: 40 }), fc.integer({ min: 1, max: 30 }), (points, wanted, page) => {
      let kept: (typeof points)[number][] = [];
      let isPart = false;
      for (let at = 0; at < points.length; at += page) {
        kept.push(...points.slice(at, at + page));
        if (kept.length <= 2 * wanted) continue;
        kept = [...thinRows(kept, wanted, curveThinning, isPart)];
        isPart = true;
      }
      const grown = thinRows(kept, wanted, curveThinning, isPart);
      const finite = points.filter(({ value }) => Number.isFinite(value)).map(({ value }) => value);
      const left = new Set(grown.map(({ value }) => value));
      expect([grown[0], grown.at(-1)]).toEqual([points[0], points.at(-1)]);
      if (finite.length > 0)
        expect([Math.min(...finite), Math.max(...finite)].every((value) => left.has(value))).toBe(true);
      expect(grown.some(({ value }) => !Number.isFinite(value))).toBe(finite.length < points.length);
    }),
  );
});
