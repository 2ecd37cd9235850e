import { describe, expect, test } from 'vitest';
import { alignBars } from '#core/bars/align.ts';
import type { Bars } from '#core/bars/bars.ts';
import { resampleBars } from '#core/bars/resample.ts';
import { featuresSchema, type FeaturesConfig } from '#core/config/features.ts';
import { computeFeatures } from '#core/features/matrix.ts';
import { forwardReturns } from '#core/targets/forward-returns.ts';
import { hasSharedData, sharedData } from '#tests/support/shared-data.ts';
import { gappyMarket, readRows } from './bars.ts';

const QUARTER = 900_000;

/** DA on the second half of the rows of the feature's sign, or its opposite where that was better on the first half. */
function fittedAccuracy(feature: Float64Array, next: Float64Array): number {
  const half = Math.floor(next.length / 2);
  const first = accuracy(feature, next, 0, half);
  const second = accuracy(feature, next, half, next.length);
  return first >= 0.5 ? second : 1 - second;
}

function accuracy(feature: Float64Array, next: Float64Array, from: number, to: number): number {
  let hits = 0;
  let rows = 0;
  for (let i = from; i < to; i++) {
    const product = feature[i] * next[i];
    if (product > 0) hits++;
    if (product > 0 || product < 0) rows++;
  }
  expect(rows).toBeGreaterThan(7_000);
  return hits / rows;
}

/** The mistake: an hour is taken as known from the moment it opens. */
function alignByOpen(base: Bars, higher: Bars): Int32Array {
  let j = -1;
  return Int32Array.from(base.time, (time) => {
    while (j + 1 < higher.time.length && higher.time[j + 1] <= time) j++;
    return j;
  });
}

/** One feature of the hour at each quarter: the close of the hour that `align` thinks known, over the row's close. */
function hourOverClose(bars: Bars, align: (base: Bars, higher: Bars) => Int32Array): Float64Array {
  const hours = resampleBars(bars, 4 * QUARTER);
  return Float64Array.from(align(bars, hours), (j, i) => (j < 0 ? NaN : Math.log(hours.close[j] / bars.close[i])));
}

/** As a notebook gets it: the hour's own log return through the feature matrix. */
function hourReturn(bars: Bars): Float64Array {
  const config = featuresSchema.parse({ timeframes: { '1h': { log_return: {} } }, calendar: null });
  return computeFeatures(bars, config as FeaturesConfig).columns[0];
}

describe('higher-timeframe canary (CLEANING.md#no-look-ahead)', () => {
  test('on the built-in market the honest joins foresee little, the leaky one much', () => {
    const bars = gappyMarket(20_000, [], QUARTER);
    const next = forwardReturns(bars, 1);
    expect(fittedAccuracy(hourReturn(bars), next)).toBeLessThan(0.56);
    expect(fittedAccuracy(hourOverClose(bars, alignBars), next)).toBeLessThan(0.56);
    expect(fittedAccuracy(hourOverClose(bars, alignByOpen), next)).toBeGreaterThan(0.65);
  });

  test.skipIf(!hasSharedData)('on real quarter-hour bars of BTC', () => {
    const bars = readRows(sharedData('btcusdt-15m-2022.json.gz') ?? '', QUARTER);
    const next = forwardReturns(bars, 1);
    for (const honest of [hourReturn(bars), hourOverClose(bars, alignBars)]) {
      expect(fittedAccuracy(honest, next)).toBeLessThan(0.54);
      expect(fittedAccuracy(honest, next)).toBeGreaterThan(0.48);
    }
    expect(fittedAccuracy(hourOverClose(bars, alignByOpen), next)).toBeGreaterThan(0.7);
  });
});
