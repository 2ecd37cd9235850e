import { describe, expect, test } from 'vitest';
import { findBoundaries, pinBoundaries } from '#core/bars/boundaries.ts';
import { cleanBars } from '#core/bars/clean.ts';
import { dataSchema } from '#core/config/data.ts';
import { hour } from '#core/time/timeframe.ts';
import { bar, start, table } from './make-table.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);
const of = (data: object) => dataSchema.parse(data);
const shares = of({}).split;

/** Bars at these hours; those that are filled in are marked. */
const bars = (hours: readonly number[], made: readonly number[] = []) => ({
  time: Float64Array.from(hours, (k) => k * hour),
  filled: Uint8Array.from(hours, (k) => Number(made.includes(k))),
  step: hour,
});

describe('boundaries from shares', () => {
  test('are the opening times of the bars at round(n·share)', () => {
    expect(findBoundaries(bars(range(0, 100)), of({}))).toEqual({
      validationFrom: 70 * hour,
      testFrom: 85 * hour,
      until: null,
    });
    // 0.7 · 46 = 32.2 and 0.85 · 46 = 39.1
    expect(findBoundaries(bars(range(0, 46)), of({}))).toMatchObject({
      validationFrom: 32 * hour,
      testFrom: 39 * hour,
    });
  });

  test('count no bar that was made up', () => {
    const made = range(10, 40);
    const own = range(0, 140).filter((k) => !made.includes(k));
    const found = findBoundaries(bars(range(0, 140), made), of({}));
    expect(found).toEqual(findBoundaries(bars(own), of({})));
    expect(found.validationFrom).toBe(own[77] * hour);
  });

  test('count no bar from `until` on', () => {
    const split = { ...shares, until: '1970-01-05T04:00' };
    expect(findBoundaries(bars(range(0, 200)), { split, timezone: 'UTC' })).toEqual({
      validationFrom: 70 * hour,
      testFrom: 85 * hour,
      until: 100 * hour,
    });
  });
});

describe('boundaries that are given', () => {
  test('are read as data.range is: dates as midnight UTC, clocks in data.timezone', () => {
    const split = { validation_from: '2021-06-01', test_from: '2022-01-01T09:30', until: '2022-10-19T04:00+02:00' };
    expect(findBoundaries(bars(range(0, 100)), of({ split, timezone: 'America/New_York' }))).toEqual({
      validationFrom: Date.UTC(2021, 5, 1),
      testFrom: Date.UTC(2022, 0, 1, 14, 30),
      until: Date.UTC(2022, 9, 19, 2),
    });
  });
});

describe('pinned boundaries', () => {
  test('are dates at midnight and clocks in UTC else, and read back as they were in any zone', () => {
    const found = findBoundaries(bars(range(0, 160)), of({}));
    const pinned = pinBoundaries(found, 160 * hour);
    expect(pinned).toEqual({
      validation_from: '1970-01-05T16:00Z',
      test_from: '1970-01-06T16:00Z',
      until: '1970-01-07T16:00Z',
    });
    const read = findBoundaries(bars(range(20, 500)), of({ split: pinned, timezone: 'Asia/Tokyo' }));
    expect(read).toEqual({ ...found, until: 160 * hour });
    expect(pinBoundaries({ validationFrom: 240 * hour, testFrom: 360 * hour, until: 480 * hour }, 0)).toEqual({
      validation_from: '1970-01-11',
      test_from: '1970-01-16',
      until: '1970-01-21',
    });
    expect(pinBoundaries({ validationFrom: 1500, testFrom: 61_000, until: null }, 86_400_000)).toEqual({
      validation_from: '1970-01-01T00:00:01.500Z',
      test_from: '1970-01-01T00:01:01Z',
      until: '1970-01-02',
    });
  });
});

test('cleaning and range move the boundaries of shares, the policy for gaps does not', () => {
  const rows = range(0, 300)
    .filter((k) => k % 50 > 2)
    .map((k) => bar(start + k * hour, 100 + (k % 7)));
  const found = (data: object) => {
    const { bars: cleaned } = cleanBars([table(rows)], of(data));
    return findBoundaries(cleaned, of(data));
  };
  const plain = found({});
  const first = rows[Math.round(rows.length * 0.7)][0];
  expect(plain.validationFrom).toBe(Number(first));
  for (const policy of ['break', 'fill', 'ignore']) expect(found({ gaps: { policy, max_fill: 10 } })).toEqual(plain);
  expect(found({ range: { end: '2024-01-08' } }).testFrom).toBeLessThan(plain.testFrom);
});
