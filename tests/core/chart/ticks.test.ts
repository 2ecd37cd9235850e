import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logTicks, niceTicks, wholeTicks } from '#core/chart/ticks.ts';

describe('ticks of values', () => {
  it('stand at round numbers from below the smallest to above the largest', () => {
    expect(niceTicks(0.682, 0.699, 5)).toEqual({
      domain: [0.68, 0.7],
      values: [0.68, 0.685, 0.69, 0.695, 0.7],
      step: 0.005,
    });
    expect(niceTicks(0, 93, 5).values).toEqual([0, 20, 40, 60, 80, 100]);
    expect(niceTicks(-0.02, 0.03, 5).values).toEqual([-0.02, -0.01, 0, 0.01, 0.02, 0.03]);
  });

  it('differ within four digits, however narrow the range, and hold it', () => {
    expect(niceTicks(0.95512, 0.95518, 5).values).toEqual([0.9551, 0.9552]);
    expect(niceTicks(5, 5, 5).domain).toEqual([4.4, 5.6]);
    expect(niceTicks(0, 0, 5).domain).toEqual([-1, 1]);
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.integer({ min: 2, max: 9 }), (a, b, most) => {
        const { domain, values } = niceTicks(Math.min(a, b), Math.max(a, b), most);
        const dust = 1e-9 * Math.max(Math.abs(domain[0]), Math.abs(domain[1]));
        expect(domain[0]).toBeLessThanOrEqual(Math.min(a, b) + dust);
        expect(domain[1]).toBeGreaterThanOrEqual(Math.max(a, b) - dust);
        expect(values.length).toBeLessThanOrEqual(most + 3);
        expect(new Set(values.map((value) => value.toPrecision(4))).size).toBe(values.length);
      }),
    );
  });
});

describe('ticks of epochs and steps', () => {
  it('are whole numbers, as many as there is room for', () => {
    expect(wholeTicks(0, 10, 7).values).toEqual([0, 2, 4, 6, 8, 10]);
    expect(wholeTicks(0, 10, 12).values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(wholeTicks(0, 3, 7).values).toEqual([0, 1, 2, 3]);
    expect(wholeTicks(0, 960, 5).values).toEqual([0, 200, 400, 600, 800]);
    expect(wholeTicks(2.3, 4.8, 7).values).toEqual([3, 4]);
  });

  it('are parts only where the view holds no two whole ones', () => {
    expect(wholeTicks(2.3, 2.8, 5).values).toEqual([2.3, 2.4, 2.5, 2.6, 2.7, 2.8]);
  });
});

describe('ticks of a logarithmic axis', () => {
  it('are powers of ten, with 2 and 5 where there is room, and round steps over a short range', () => {
    expect(logTicks(0.3, 40, 5).values).toEqual([0.2, 0.5, 1, 2, 5, 10, 20, 50]);
    expect(logTicks(1e-6, 1, 3).values).toEqual([1e-6, 1e-4, 0.01, 1]);
    expect(logTicks(0.95, 1.04, 5).values).toEqual([0.94, 0.96, 0.98, 1, 1.02, 1.04]);
  });

  it('never begin at or below zero', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (low, factor) => {
          const { domain, values } = logTicks(low, low * factor, 5);
          expect(domain[0]).toBeGreaterThan(0);
          expect(domain[0]).toBeLessThanOrEqual(low * 1.001);
          expect(domain[1]).toBeGreaterThanOrEqual(low * factor * 0.999);
          expect(values.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
