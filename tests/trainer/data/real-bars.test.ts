import { describe, expect, it } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { resampleBars } from '#core/bars/resample.ts';
import { day, hour, minute } from '#core/time/timeframe.ts';
import { type DataConfig, dataSchema } from '#core/config/data.ts';
import { loadBars } from '#trainer/data/load.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

/** Real data lies beside the checkout; without it there is nothing to compare with. */
describe.skipIf(!hasSharedData)('real bars (skipped where the shared data folder is absent)', () => {
  const load = (source: string, data: Partial<DataConfig> = {}) =>
    loadBars({ ...dataSchema.parse({ source }), ...data }, { roots: [sharedDataFolder] });
  const ignore = { gaps: { policy: 'ignore', max_fill: 0 } } as const;

  it('counts the gaps of five years of BTC hours as they are published', async () => {
    const { report, bars } = await load('btcusdt-1h-2017-2022.json');
    expect(report).toMatchObject({
      rowsRead: 45_345,
      bars: 45_345,
      gaps: 27,
      missingBars: 127,
      longestGap: 33,
      closures: 0,
      segments: 28,
      step: hour,
      unparsableTime: 0,
      inversions: 0,
      identicalDuplicates: 0,
      conflictingDuplicates: 0,
      invalidRows: 0,
      offGrid: 0,
    });
    expect(bars.segment[bars.segment.length - 1]).toBe(27);
  });

  it('fills the short of these gaps and breaks at the long ones', async () => {
    const { report } = await load('btcusdt-1h-2017-2022.json', { gaps: { policy: 'fill', max_fill: 5 } });
    expect(report.bars).toBe(45_345 + report.filledBars);
    expect(report.filledBars).toBeGreaterThan(0);
    expect(report.segments).toBeGreaterThan(1);
    expect(report.segments).toBeLessThan(28);
  });

  const pairs = [
    ['btcusdt-5m-2022.json.gz', 'btcusdt-15m-2022.json.gz', 15 * minute, 20_600],
    ['btcusdt-5m-2022.json.gz', 'btcusdt-1h-2022.json.gz', hour, 5_100],
    ['btcusdt-15m-2022.json.gz', 'btcusdt-1h-2022.json.gz', hour, 5_100],
    ['eurusd-m1.csv', 'eurusd-m5.csv', 5 * minute, 9_000],
    ['eurusd-m1.csv', 'eurusd-m15.csv', 15 * minute, 3_000],
    ['eurusd-m1.csv', 'eurusd-h1.csv', hour, 800],
    ['eurusd-m5.csv', 'eurusd-h1.csv', hour, 4_000],
  ] as const;

  it.each(pairs)('%s resampled equals native %s exactly', async (fine, native, step, atLeast) => {
    const made = resampleBars((await load(fine, ignore)).bars, step);
    const given = (await load(native, ignore)).bars;
    expect(given.step).toBe(step);
    const compared = compare(made, given);
    expect(compared).toBeGreaterThan(atLeast);
  });

  it('EURUSD minutes filled give the same hours: made-up bars change no price', async () => {
    const filled = (await load('eurusd-m1.csv', { gaps: { policy: 'fill', max_fill: 60 } })).bars;
    expect(filled.filled.includes(1)).toBe(true);
    expect(compare(resampleBars(filled, hour), (await load('eurusd-h1.csv', ignore)).bars)).toBeGreaterThan(700);
  });

  it.each([null, 'XNYS'] as const)(
    'explains weekends and holidays of five years of Apple days by %s',
    async (exchange) => {
      const { report } = await load('aapl-1d.csv', { exchange });
      expect(report).toMatchObject({ rowsRead: 1260, bars: 1260, step: day, gaps: 0, closures: 271, segments: 1 });
    },
  );

  it.each([
    ['eurusd-m1.csv', 4, 232],
    ['eurusd-m5.csv', 5, 0],
    ['eurusd-m15.csv', 2, 0],
    ['eurusd-h1.csv', 3, 0],
  ] as const)('explains the weeks of %s, over every change of the clock', async (file, gaps, untraded) => {
    expect((await load(file)).report).toMatchObject({ gaps, untraded, segments: gaps + 1, outliers: 0 });
  });

  it('drops and counts the junk line of the M15 export', async () => {
    expect((await load('eurusd-m15.csv')).report).toMatchObject({ rowsRead: 50_000, unparsableTime: 1, bars: 49_999 });
  });

  it('survives the hostile quotes, each with its own answer', async () => {
    const bad = (await load('indicators/quotes-bad.csv')).report;
    expect(bad.rowsRead).toBe(502);
    const dropped =
      bad.unparsableTime + bad.invalidRows + bad.identicalDuplicates + bad.conflictingDuplicates + bad.offGrid;
    expect(bad.bars).toBe(502 - dropped);
    expect(dropped).toBeGreaterThan(50);
    await expect(load('indicators/quotes-zeros.csv')).rejects.toMatchObject({ code: 'data_empty' });
    expect((await load('indicators/quotes-mismatch.csv')).report).toMatchObject({ bars: 502, inversions: 4 });
    await expect(load('etth1.csv')).rejects.toMatchObject({ code: 'data_unreadable', message: /"HUFL"/ });
  });
});

/** Compares the rows that both have, every column; answers how many. A row only one has must lie outside the other. */
function compare(made: Bars, given: Bars): number {
  const rowOf = new Map([...given.time].map((time, row) => [time, row]));
  const [first, last] = [given.time[0], given.time[given.time.length - 1]];
  let compared = 0;
  const wrong: string[] = [];
  made.time.forEach((time, i) => {
    const j = rowOf.get(time);
    if (j === undefined) {
      if (time > first && time < last) wrong.push(`${new Date(time).toISOString()} is not native`);
      return;
    }
    compared++;
    for (const column of ['open', 'high', 'low', 'close'] as const) {
      if (made[column][i] !== given[column][j])
        wrong.push(`${new Date(time).toISOString()} ${column} ${made[column][i]} ${given[column][j]}`);
    }
    // Sums of decimal fractions differ in their last bits.
    if (Math.abs(made.volume[i] - given.volume[j]) > 1e-9 * given.volume[j])
      wrong.push(`${new Date(time).toISOString()} volume`);
  });
  expect(wrong.slice(0, 5)).toEqual([]);
  return compared;
}
