import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignBars } from '#core/bars/align.ts';
import { resampleBars } from '#core/bars/resample.ts';
import { hour, minute } from '#core/time/timeframe.ts';
import { makeBars } from './make-bars.ts';

const monday = Date.UTC(2024, 0, 1);

describe('alignBars', () => {
  it('uses a higher bar from the row on that closes with it, never before', () => {
    const base = makeBars(
      15 * minute,
      Array.from({ length: 10 }, (_, k) => ({ time: monday + k * 15 * minute })),
    );
    const joined = alignBars(base, resampleBars(base, hour));
    // The 00:00 hour closes at 01:00, as does the bar of 00:45 (row 3); the next hour at row 7.
    expect([...joined]).toEqual([-1, -1, -1, 0, 0, 0, 0, 1, 1, 1]);
  });

  it('begins anew after a break', () => {
    const rows = Array.from({ length: 12 }, (_, k) => ({
      time: monday + (k < 6 ? k : k + 6) * 15 * minute,
      segment: k < 6 ? 0 : 1,
    }));
    const base = makeBars(15 * minute, rows);
    const higher = resampleBars(base, hour);
    const joined = alignBars(base, higher);
    expect([...joined]).toEqual([-1, -1, -1, 0, 0, 0, -1, -1, -1, 1, 1, 1]);
  });

  it('of a series with itself is the identity', () => {
    const base = makeBars(
      minute,
      Array.from({ length: 5 }, (_, k) => ({ time: monday + k * minute })),
    );
    expect([...alignBars(base, base)]).toEqual([0, 1, 2, 3, 4]);
  });

  it('always names the latest bar of the same segment that has closed', () => {
    const gaps = fc.array(fc.constantFrom(1, 1, 1, 1, 2, 9), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(gaps, fc.boolean(), fc.integer({ min: 2, max: 7 }), (distances, breaks, factor) => {
        let [time, segment] = [monday, 0];
        const rows = distances.map((distance) => {
          time += distance * minute;
          if (breaks && distance > 2) segment++;
          return { time, segment };
        });
        const base = makeBars(minute, rows);
        const higher = resampleBars(base, factor * minute);
        alignBars(base, higher).forEach((j, i) => {
          const usable = [...higher.time.keys()].filter(
            (k) => higher.time[k] + higher.step <= base.time[i] + base.step && higher.segment[k] === base.segment[i],
          );
          expect(j).toBe(usable.at(-1) ?? -1);
        });
      }),
    );
  });
});
