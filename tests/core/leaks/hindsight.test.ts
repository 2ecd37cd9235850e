import { describe, expect, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import { findLeaks, quick } from '#core/leaks/find-leaks.ts';
import { findHindsight } from '#core/leaks/hindsight.ts';
import { leakVerdict } from '#core/leaks/leak-report.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { loadBars } from '#trainer/data/load.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { gappyMarket } from '#tests/core/features/bars.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

const market = gappyMarket(3000, [900, 901, 1900]);
const random = seededRandom(3);
const noise = market.close.map(() => random() - 0.5);
/** Log return of the `k`th bar after each. */
const ahead = (bars: Bars, k: number) =>
  bars.close.map((_, i) => Math.log((bars.close[i + k] ?? NaN) / (bars.close[i + k - 1] ?? NaN)));
const train = Int32Array.from({ length: 2000 }, (_, i) => i);
const found = (bars: Bars, extra: Bars['extra'], horizon = 12) =>
  findHindsight({ ...bars, extra }, Object.keys(extra), train, horizon).map(({ message }) => message);

describe('a column of the file that was written with hindsight is a finding by name', () => {
  const next = ahead(market, 1);
  test.each([
    ['the next return', next, "x follows the next bar's return, rank correlation 1.00 in "],
    ['its sign', next.map(Math.sign), "x follows the next bar's return, rank correlation 0.8"],
    [
      'it in one row of eight',
      next.map((v, i) => (i % 8 === 3 ? v : NaN)),
      "x follows the next bar's return, rank corr",
    ],
    ['a later one', ahead(market, 5), 'x follows the return of the bar 5 ahead, rank correlation 1.00'],
    ['the next close', market.close.map((_, i) => market.close[i + 1] ?? NaN), "x follows the next bar's return"],
    [
      'the outcome',
      market.close.map((v, i) => Math.log((market.close[i + 12] ?? NaN) / v)),
      'x follows the return of the next 12 bars, rank correlation 1.00',
    ],
    [
      'the sum of coming returns',
      next.map(
        (
          (sum) => (v: number) =>
            (sum += v || 0)
        )(0),
      ),
      "x follows the next bar's return, rank correlation 1.00",
    ],
  ])('%s', (_, x, message) => {
    expect(found(market, { x, noise })).toEqual([expect.stringContaining(message)]);
  });
});

test('the check names it, and counts no column that it has not judged', () => {
  const columns = { sig: {}, noise: {} };
  const config = configOf({ features: { timeframes: { '1h': { log_return: {} } }, columns }, model: { lookback: 8 } });
  const check = (sig: Float64Array) => {
    const bars = { ...market, extra: { sig, noise } };
    return findLeaks({ bars, config, effort: quick });
  };
  const leak = check(ahead(market, 1).map((value) => value || 0));
  expect(leak.findings).toMatchObject([{ kind: 'hindsight', name: 'sig', time: null, ahead: null }]);
  expect(leakVerdict(leak)).toMatch(/^1 sign of a leak in 6 columns, \d+ rows; noise: as the file has it, not judged$/);
  const clean = check(noise);
  expect([clean.findings, clean.unjudged]).toEqual([[], ['sig', 'noise']]);
  expect(leakVerdict(clean)).toMatch(
    /^no sign of a leak in 5 columns, \d+ rows; sig, noise: as the file has them, not/,
  );
});

test('an honest column is none: one that leads weakly, the past, and any in a market that is easy to tell', () => {
  const next = ahead(market, 1);
  const deviation = Math.sqrt(next.reduce((sum, v) => sum + (v || 0) ** 2, 0) / next.length);
  const funding = next.map((value, i) => (i % 8 === 3 ? 0.3 * (value / deviation) + 3.4 * noise[i] : NaN));
  const past = ahead(market, 0);
  expect(found(market, { noise, funding, past, volume: market.volume, close: market.close })).toEqual([]);

  const smooth = market.close.map((_, i) => 100 + Math.sin(i / 20));
  const easy = { ...market, close: smooth };
  expect(found(easy, { past: ahead(easy, 0), close: smooth }, 1)).toEqual([]);
});

test('fewer than a hundred returns without overlap say nothing', () => {
  const next = ahead(market, 1);
  const outcome = market.close.map((v, i) => Math.log((market.close[i + 12] ?? NaN) / v));
  const some = (count: number, x: Float64Array, h: number) =>
    findHindsight({ ...market, extra: { x } }, ['x'], train.subarray(0, count), h).length;
  expect([some(95, next, 1), some(105, next, 1)]).toEqual([0, 1]);
  expect([some(150, outcome, 12), some(1300, outcome, 12)]).toEqual([0, 1]);
});

describe.skipIf(!hasSharedData)('columns of real bars are honest (skipped without them)', () => {
  test.each(['btcusdt-1h-2017-2022.json', 'eurusd-h1.csv', 'aapl-1d.csv'])('%s', async (source) => {
    const { bars } = await loadBars(configOf({ data: { source } }).data, { roots: [sharedDataFolder] });
    const { volume, close, open, high, low } = bars;
    const range = close.map((_, i) => Math.log(high[i] / low[i]));
    const extra = { volume, close, open, high, low, range, body: close.map((value, i) => value - open[i]) };
    const rows = Int32Array.from({ length: Math.floor(0.7 * close.length) - 24 }, (_, i) => i);
    for (const horizon of [1, 4, 24]) {
      expect([horizon, findHindsight({ ...bars, extra }, Object.keys(extra), rows, horizon)]).toEqual([horizon, []]);
    }
  });
});
