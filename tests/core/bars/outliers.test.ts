import { describe, expect, it } from 'vitest';
import { cleanBars } from '#core/bars/clean.ts';
import { hour } from '#core/time/timeframe.ts';
import type { DataConfig } from '#core/config/data.ts';
import { config, type Row, start, table } from './make-table.ts';

/** A quiet walk of a fixed seed: moves of about 0.3 percent. */
function walk(count: number, moves = 0.003): number[][] {
  let seed = 11;
  const next = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
  let close = 100;
  return Array.from({ length: count }, () => {
    const open = close;
    close *= Math.exp(next() * 2 * moves);
    return [open, Math.max(open, close) * 1.0005, Math.min(open, close) * 0.9995, close];
  });
}

const rowsOf = (prices: readonly number[][], volumes: readonly number[] = []): Row[] =>
  prices.map((row, k) => [start + k * hour, ...row, volumes[k] ?? 10]);
const clean = (prices: readonly number[][], data: Partial<DataConfig> = {}) =>
  cleanBars([table(rowsOf(prices))], config(data));

describe('a tick far off', () => {
  it.each([
    ['a close and high a hundred times too high', [100, 10_000, 99, 10_000]],
    ['all four prices a thousandth', [0.1, 0.1, 0.1, 0.1]],
    ['a high alone', [100, 1_000, 99.9, 100.1]],
    ['a low alone', [100, 100.2, 1, 100.1]],
    ['an open alone', [150, 150, 99.9, 100.1]],
    ['a tenth too much', [100, 110, 99.9, 110]],
  ])('%s is counted and marked, left out, or pulled in', (_, bad) => {
    const prices = walk(400).map((row) => row.map((price) => price / 1));
    const level = prices[199][3];
    prices[200] = bad.map((price) => (price * level) / 100);
    const noted = clean(prices);
    expect(noted.report).toMatchObject({ outliers: 1, outlierTimes: [start + 200 * hour], bars: 400, gaps: 0 });
    expect(noted.report.notes.join()).toMatch(
      /1 bar has a price far off its neighbours, left as it is: the first at 2024-01-09 08:00,/,
    );
    expect([noted.bars.open, noted.bars.high, noted.bars.low, noted.bars.close].map((column) => column[200])).toEqual(
      prices[200],
    );

    const dropped = clean(prices, { outliers: 'drop' });
    expect(dropped.report).toMatchObject({ outliers: 1, bars: 399, gaps: 1, missingBars: 1, segments: 2 });

    const { bars, report } = clean(prices, { outliers: 'clip' });
    expect(report).toMatchObject({ outliers: 1, bars: 400, gaps: 0 });
    for (const column of [bars.open, bars.high, bars.low, bars.close])
      expect(Math.abs(column[200] / level - 1)).toBeLessThan(0.02);
    expect(bars.high[200]).toBeGreaterThanOrEqual(Math.max(bars.open[200], bars.close[200]));
    expect(bars.low[200]).toBeLessThanOrEqual(Math.min(bars.open[200], bars.close[200]));
    expect(bars.close[199]).toBe(prices[199][3]);
    expect(bars.close[201]).toBe(prices[201][3]);
  });

  it('is found two or three bars long, and at either end of the file', () => {
    for (const rows of [[200, 201], [200, 201, 202], [0], [399]]) {
      const prices = walk(400);
      for (const row of rows) prices[row] = prices[row].map((price) => price * 100);
      expect(clean(prices).report.outlierTimes).toEqual(rows.map((row) => start + row * hour));
    }
  });

  it.each([
    ['a crash of a third in one bar', (price: number, k: number) => (k >= 200 ? price * 0.66 : price)],
    ['a split of ten to one', (price: number, k: number) => (k >= 200 ? price / 10 : price)],
    ['a crash and a recovery within a day', (price: number, k: number) => price * (k >= 200 && k < 212 ? 0.7 : 1)],
  ])('is not %s', (_, change) => {
    const prices = walk(400).map((row, k) => row.map((price) => change(price, k)));
    expect(clean(prices).report.outliers).toBe(0);
  });

  it('is not what a wild market does all the time', () => {
    expect(clean(walk(2_000, 0.3)).report.outliers).toBe(0);
  });

  it('is found beside prices that do not move', () => {
    const prices = Array.from({ length: 100 }, (_, k) => (k === 50 ? [1, 2, 1, 1] : [1, 1, 1, 1]));
    expect(clean(prices).report.outlierTimes).toEqual([start + 50 * hour]);
  });

  it('of a file of closes alone is pulled in too', () => {
    const rows = walk(100).map(([, , , close], k): Row => [start + k * hour, k === 50 ? close * 100 : close]);
    const { bars, report } = cleanBars([table(rows, ['time', 'close'])], config({ outliers: 'clip' }));
    expect(report.outliers).toBe(1);
    expect(bars.close[50]).toBeLessThan(110);
    expect(bars.high[50]).toBe(bars.close[50]);
  });
});

describe('bars in which nothing happens', () => {
  const still = walk(300);
  for (let k = 100; k < 140; k++) still[k] = Array.from({ length: 4 }, () => still[99][3]);
  const volumes = still.map((_, k) => (k >= 100 && k < 140 ? 0 : 10));
  const load = (data: Partial<DataConfig> = {}) => cleanBars([table(rowsOf(still, volumes))], config(data)).report;

  it('are counted and named with where they are', () => {
    expect(load()).toMatchObject({ standstills: 1, standstillBars: 40, zeroVolume: 40, bars: 300, segments: 1 });
    expect(load().notes.join()).toMatch(
      /40 bars in one stretch, from 2024-01-05 04:00 to 2024-01-06 19:00, have no volume/,
    );
  });

  it('are missing bars where data.outliers leaves them out, as their note says', () => {
    expect(load({ outliers: 'drop' })).toMatchObject({
      standstillBars: 40,
      bars: 260,
      gaps: 1,
      missingBars: 40,
      segments: 2,
    });
  });

  it('are none where the source has no volume at all', () => {
    const { report } = cleanBars(
      [
        table(
          rowsOf(
            still,
            still.map(() => 0),
          ),
        ),
      ],
      config(),
    );
    expect(report).toMatchObject({ standstills: 0, zeroVolume: 300 });
  });

  it('are called a constant close where there is nothing else', () => {
    const { report } = cleanBars(
      [table(rowsOf(Array.from({ length: 50 }, (_, k) => [1, 1 + k / 100, 1, 1])))],
      config(),
    );
    expect(report.notes.join()).toMatch(/the close never changes: it is 1 in every bar/);
  });
});
