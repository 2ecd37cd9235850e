import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { adx } from '#core/features/adx.ts';
import { atr } from '#core/features/atr.ts';
import { bollinger } from '#core/features/bollinger.ts';
import { cci } from '#core/features/cci.ts';
import { macd } from '#core/features/macd.ts';
import { mfi } from '#core/features/mfi.ts';
import { onBalanceVolume } from '#core/features/obv-z.ts';
import { roc } from '#core/features/roc.ts';
import { rsi } from '#core/features/rsi.ts';
import { ema, sma } from '#core/features/smoothers.ts';
import { stochastic } from '#core/features/stochastic.ts';
import { trueRange } from '#core/features/true-range.ts';
import { indicators } from '#core/features/registry.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';
import { toBars } from './bars.ts';

const DAY = 86_400_000;

function quotes(name: string): Bars {
  const lines = readFileSync(`${sharedDataFolder}indicators/${name}.csv`, 'utf8').trim().split('\n').slice(1);
  const cells = lines.map((line) => line.split(',').map(Number));
  const column = (c: number) => Float64Array.from(cells, (row) => row[c]);
  // A session calendar: all rows are one stretch.
  const time = Float64Array.from(cells, (_, i) => i * DAY);
  return toBars({ time, open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) }, DAY);
}

function expected(file: string, key: string): readonly (number | null)[] {
  const rows = JSON.parse(readFileSync(`${sharedDataFolder}indicators/${file}.json`, 'utf8')) as Record<
    string,
    number
  >[];
  return rows.map((row) => row[key]);
}

/** Compares the last `rows` values; over all rows also where the first value stands. */
function expectValues(ours: Float64Array, theirs: readonly (number | null)[], rows = theirs.length): void {
  if (rows === theirs.length) {
    expect(ours.findIndex((value) => !Number.isNaN(value))).toBe(theirs.findIndex((value) => value !== null));
  }
  let compared = 0;
  for (let i = theirs.length - rows; i < theirs.length; i++) {
    const value = theirs[i];
    if (value === null) continue;
    const tolerance = 1e-7 * Math.max(1, Math.abs(value));
    expect(Math.abs(ours[i] - value), `row ${i}: ours ${ours[i]}, theirs ${value}`).toBeLessThan(tolerance);
    compared++;
  }
  expect(compared).toBeGreaterThanOrEqual(200);
}

const times = (values: Float64Array, factor: Float64Array) => values.map((value, i) => value * factor[i]);

// Skipped with the shared data folder absent: the values are another library's and are not copied here.
describe.skipIf(!hasSharedData)('indicators equal another library on 502 daily bars', () => {
  const bars = hasSharedData ? quotes('quotes-default') : toBars(emptyColumns(), DAY);
  const { close } = bars;

  test('RSI', () => expectValues(rsi.compute(bars, { period: 14, flat: 50 })[0], expected('rsi', 'rsi')));
  test('true range', () => {
    const { high, low } = bars;
    const range = close.map((_, i) => (i > 0 ? trueRange(high[i], low[i], close[i - 1]) : NaN));
    expectValues(range, expected('tr', 'tr'));
  });
  test('ATR, and as a share of the close', () => {
    const [share] = atr.compute(bars, { period: 14 });
    expectValues(times(share, close), expected('atr', 'atr'));
    expectValues(
      share.map((value) => 100 * value),
      expected('atr', 'atrp'),
    );
  });
  test('SMA and EMA', () => {
    expectValues(sma(close, 20), expected('sma', 'sma'));
    expectValues(ema(close, 20), expected('ema', 'ema'));
  });
  test('Bollinger %B and width', () => {
    const [percent, width] = bollinger.compute(bars, { period: 20, deviations: 2 });
    expectValues(percent, expected('bb', 'percentB'));
    expectValues(width, expected('bb', 'width'));
  });
  test('Stochastic', () => {
    const [k, d] = stochastic.compute(bars, { period: 14, smooth: 3, signal: 3 });
    expectValues(k, expected('stoch', 'k'));
    expectValues(d, expected('stoch', 'd'));
  });
  test('CCI', () => expectValues(cci.compute(bars, { period: 20 })[0], expected('cci', 'cci')));
  test('MFI', () => expectValues(mfi.compute(bars, { period: 14 })[0], expected('mfi', 'mfi')));
  test('ROC', () => {
    const theirs = expected('roc', 'roc');
    const period = theirs.findIndex((value) => value !== null);
    expectValues(roc.compute(bars, { period })[0], theirs);
  });
  test('MACD once the seeds no longer matter', () => {
    const [line, signalLine] = macd.compute(bars, { fast: 12, slow: 26, signal: 9 });
    expectValues(times(line, close), expected('macd', 'macd'), 200);
    expectValues(times(signalLine, close), expected('macd', 'signal'), 200);
  });
  test('ADX and DI once the seeds no longer matter', () => {
    const [index, plus, minus] = adx.compute(bars, { period: 14 });
    expectValues(index, expected('adx', 'adx'), 200);
    expectValues(plus, expected('adx', 'pdi'), 200);
    expectValues(minus, expected('adx', 'mdi'), 200);
  });
  test('OBV', () => expectValues(onBalanceVolume(bars), expected('obv', 'obv')));

  test('hostile quotes never give an infinity', () => {
    for (const name of ['quotes-bad', 'quotes-zeros', 'quotes-mismatch']) {
      for (const indicator of indicators) {
        for (const column of indicator.compute(quotes(name), indicator.params.parse({}) as never)) {
          expect(
            column.filter((value) => Math.abs(value) === Infinity),
            `${indicator.name} on ${name}`,
          ).toHaveLength(0);
        }
      }
    }
  });
});

function emptyColumns() {
  const none = new Float64Array(0);
  return { time: none, open: none, high: none, low: none, close: none, volume: none };
}
