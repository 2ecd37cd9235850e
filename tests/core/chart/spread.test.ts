import fc from 'fast-check';
import { expect, it } from 'vitest';
import { spread } from '#core/chart/spread.ts';

it('leaves labels where they have room, and moves those that touch as little as it can', () => {
  expect(spread([10, 90, 50], 12, 0, 100)).toEqual([10, 90, 50]);
  expect(spread([50, 50], 12, 0, 100)).toEqual([44, 56]);
  expect(spread([98, 99], 12, 0, 100)).toEqual([88, 100]);
  expect(spread([40, 52, 47], 12, 0, 100).map(Math.round)).toEqual([34, 58, 46]);
});

it('keeps every label apart, in order and inside while there is room', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -50, max: 150, noNaN: true }), { maxLength: 8 }), (wanted) => {
      const places = spread(wanted, 12, 0, 100);
      const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
      order.forEach((index, k) => {
        expect(places[index]).toBeGreaterThanOrEqual(-1e-9);
        expect(places[index]).toBeLessThanOrEqual(100 + 1e-9);
        if (k > 0) expect(places[index] - places[order[k - 1]]).toBeGreaterThanOrEqual(12 - 1e-9);
      });
    }),
  );
});
