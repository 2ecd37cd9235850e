import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainSchema } from '#core/config/train.ts';
import { scheduleNames } from '#core/schedules/registry.ts';
import { openSchedule } from '#core/schedules/schedule.ts';

describe('openSchedule', () => {
  it('rises linearly, then falls along a cosine to almost nothing', () => {
    const rate = openSchedule({ kind: 'cosine', warmup: 0.1 }, 0.01, 100);
    expect(rate(1)).toBeCloseTo(0.001, 12);
    expect(rate(10)).toBeCloseTo(0.01, 12);
    expect(rate(11)).toBeCloseTo(0.01, 12);
    expect(rate(56)).toBeCloseTo(0.005, 12);
    expect(rate(100)).toBeLessThan(1e-5);
  });

  it('stays where it is constant', () => {
    const rate = openSchedule({ kind: 'constant', warmup: 0 }, 0.01, 100);
    expect([1, 50, 100].map(rate)).toEqual([0.01, 0.01, 0.01]);
  });

  it('is above zero and at most the base rate at every step of any run', () => {
    const arbitrary = fc.tuple(
      fc.constantFrom(...scheduleNames),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.integer({ min: 1, max: 400 }),
    );
    fc.assert(
      fc.property(arbitrary, ([kind, warmup, steps]) => {
        const rate = openSchedule(trainSchema.shape.schedule.parse({ kind, warmup }), 1, steps);
        for (let step = 1; step <= steps; step++) {
          if (!(rate(step) > 0 && rate(step) <= 1)) return false;
        }
        return true;
      }),
    );
  });
});
