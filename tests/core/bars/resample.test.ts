import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceBars } from '#core/bars/bars.ts';
import { bucketOf, resampleBars } from '#core/bars/resample.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { day, hour, minute, week } from '#core/time/timeframe.ts';
import { AppError } from '#core/error.ts';
import { makeBars } from './make-bars.ts';

const monday = Date.UTC(2024, 0, 1);

describe('resampleBars', () => {
  it('takes first open, highest high, lowest low, last close and the sum of the volumes', () => {
    const bars = makeBars(minute, [
      { time: monday, open: 10, high: 12, low: 9, close: 11, volume: 1 },
      { time: monday + minute, open: 11, high: 15, low: 11, close: 14, volume: 2 },
      { time: monday + 2 * minute, open: 14, high: 14, low: 7, close: 8, volume: 4 },
      { time: monday + 3 * minute, open: 8, high: 9, low: 8, close: 9, volume: 8 },
    ]);
    const out = resampleBars(bars, 2 * minute);
    expect([...out.time]).toEqual([monday, monday + 2 * minute]);
    expect([...out.open]).toEqual([10, 14]);
    expect([...out.high]).toEqual([15, 14]);
    expect([...out.low]).toEqual([9, 7]);
    expect([...out.close]).toEqual([14, 9]);
    expect([...out.volume]).toEqual([3, 12]);
    expect(out.step).toBe(2 * minute);
  });

  it('drops the forming bucket at the end and the half one at the start', () => {
    const rows = Array.from({ length: 9 }, (_, k) => ({ time: monday + (k + 1) * minute }));
    expect([...resampleBars(makeBars(minute, rows), 4 * minute).time]).toEqual([monday + 4 * minute]);
  });

  it('keeps a bucket whose last bar is absent once the next bucket has begun', () => {
    const rows = [0, 1, 2, 4, 5].map((k) => ({ time: monday + k * minute }));
    const out = resampleBars(makeBars(minute, rows), 4 * minute);
    expect([...out.time]).toEqual([monday]);
    expect(out.close[0]).toBe(102);
  });

  it('never joins bars across a break, and keeps the segment numbers', () => {
    const rows = Array.from({ length: 12 }, (_, k) => ({ time: monday + k * minute, segment: k < 6 ? 0 : 1 }));
    const out = resampleBars(makeBars(minute, rows), 4 * minute);
    expect([...out.time]).toEqual([monday, monday + 8 * minute]);
    expect([...out.segment]).toEqual([0, 1]);
  });

  it('takes no value from bars that were made up, unless a bucket holds nothing else', () => {
    const bars = makeBars(minute, [
      { time: monday, open: 50, high: 50, low: 50, close: 50, volume: 0, filled: 1 },
      { time: monday + minute, open: 60, high: 61, low: 59, close: 60, volume: 3 },
      { time: monday + 2 * minute, open: 60, high: 60, low: 60, close: 60, volume: 0, filled: 1 },
      { time: monday + 3 * minute, open: 60, high: 60, low: 60, close: 60, volume: 0, filled: 1 },
    ]);
    const out = resampleBars(bars, 2 * minute);
    expect([...out.open]).toEqual([60, 60]);
    expect([...out.low]).toEqual([59, 60]);
    expect([...out.filled]).toEqual([0, 1]);
  });

  it('begins weeks on Monday 00:00 UTC and days at midnight', () => {
    expect(bucketOf(monday + 6 * day + 23 * hour, week)).toBe(monday);
    expect(bucketOf(monday - 1, week)).toBe(monday - week);
    expect(bucketOf(monday + 5 * hour, day)).toBe(monday);
    expect(bucketOf(Date.UTC(1969, 11, 31, 23), day)).toBe(Date.UTC(1969, 11, 31));
  });

  it('refuses a step that is no multiple, naming both', () => {
    const bars = makeBars(2 * minute, [{ time: monday }, { time: monday + 2 * minute }]);
    expect(() => resampleBars(bars, 3 * minute)).toThrow(AppError);
    expect(() => resampleBars(bars, minute)).toThrow(/1m bars from 2m bars/);
  });

  it('in two stages gives what one stage gives', () => {
    const bars = sampleMarket({ seed: 3, bars: 3000, step: minute });
    const direct = resampleBars(bars, hour);
    const staged = resampleBars(resampleBars(bars, 15 * minute), hour);
    expect(staged.time).toEqual(direct.time);
    for (const column of ['open', 'high', 'low', 'close'] as const) expect(staged[column]).toEqual(direct[column]);
    staged.volume.forEach((volume, i) => expect(volume).toBeCloseTo(direct.volume[i], 6));
  });

  it('of a file cut at any row is a beginning of that of the whole file', () => {
    const bars = sampleMarket({ seed: 5, bars: 400, step: minute });
    const whole = resampleBars(bars, 7 * minute);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (rows) => {
        const cut = resampleBars(sliceBars(bars, 0, rows), 7 * minute);
        const expected = sliceBars(whole, 0, cut.time.length);
        expect([...cut.close]).toEqual([...expected.close]);
        expect([...cut.high]).toEqual([...expected.high]);
        // Nothing that has not closed by the last row is there.
        expect(cut.time.every((time) => time + cut.step <= bars.time[rows - 1] + bars.step)).toBe(true);
      }),
    );
  });
});
