import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indicators } from '#core/features/registry.ts';
import { findLeaks, quick, thorough } from '#core/leaks/find-leaks.ts';
import { leakVerdict } from '#core/leaks/leak-report.ts';
import { runPipeline } from '#core/leaks/pipeline.ts';
import { loadBars } from '#trainer/data/load.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { gappyMarket, withExtra } from '#tests/core/features/bars.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { choose, scale } from '#tests/support/scale.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

const instants = (validation: string, test: string, policy = 'break') => ({
  split: { validation_from: validation, test_from: test },
  gaps: { policy },
});

const each = Object.fromEntries(indicators.map(({ name }) => [name, {}]));

const sources = choose(
  [
    {
      name: 'btcusdt-1h-2017-2022.json',
      timeframes: ['1h', '2h', '4h', '1d'],
      data: instants('2021-02-01', '2022-01-01', 'ignore'),
    },
    {
      name: 'btcusdt-15m-2022.json.gz',
      timeframes: ['15m', '30m', '1h', '4h'],
      data: instants('2022-06-01', '2022-07-01'),
    },
    { name: 'btcusdt-5m-2022.json.gz', timeframes: ['5m', '15m', '1h'], data: {} },
    { name: 'aapl-1d.csv', timeframes: ['1d', '2d'], data: { timezone: 'America/New_York', exchange: 'XNYS' } },
    { name: 'eurusd-h1.csv', timeframes: ['1h', '4h'], data: { gaps: { policy: 'fill', max_fill: 3 } } },
    { name: 'eurusd-m15.csv', timeframes: ['15m', '1h', '4h'], data: { gaps: { policy: 'ignore' } } },
  ],
  ['btcusdt-1h-2017-2022.json', 'aapl-1d.csv', 'eurusd-h1.csv'],
);
const rows = scale(40, 12);

describe.skipIf(!hasSharedData)('no sign of a leak in real bars, whatever the indicator (skipped without them)', () => {
  test.each(sources)('$name in $timeframes', async ({ name, timeframes, data }) => {
    const features = { timeframes: Object.fromEntries(timeframes.map((timeframe) => [timeframe, each])) };
    const config = configOf({ data: { source: name, ...data }, features, model: { lookback: 16 } });
    const { bars } = await loadBars(config.data, { roots: [sharedDataFolder] });
    const report = findLeaks({ bars, config, effort: { ...quick, rows, work: Infinity } });
    expect(report.findings).toEqual([]);
    expect(report.notes).toEqual([]);
    expect(report.columns).toBeGreaterThan(25 * timeframes.length - 20);
    expect(report.rows).toBeGreaterThan(0.85 * rows);
  });
});

test('no sign of a leak in the built-in market, whatever indicators, periods, gaps and columns of the file', () => {
  const period = fc.integer({ min: 2, max: 30 });
  const timeframe = fc.uniqueArray(fc.constantFrom(...indicators), { minLength: 1, maxLength: 4 }).chain((some) =>
    fc.record(
      Object.fromEntries(
        some.map(({ name, params }) => {
          const keys = Object.keys(params.parse({}) as object);
          return [name, keys.includes('period') ? fc.record({ period }) : fc.constant({})];
        }),
      ),
    ),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('1h', '2h', '3h', '4h'), timeframe, { minKeys: 1, maxKeys: 2 }),
      fc.array(fc.integer({ min: 0, max: 2600 }), { maxLength: 2 }),
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 1e6 }),
      (timeframes, holes, horizon, seed) => {
        const bars = withExtra(gappyMarket(3000, holes));
        const columns = { rate: {}, interest: { transform: 'z', period: 24 } };
        const config = configOf({ features: { timeframes, columns }, targets: { horizon }, model: { lookback: 16 } });
        const report = findLeaks({ bars, config, effort: quick, seed });
        expect(report.findings).toEqual([]);
        expect(leakVerdict(report)).toMatch(
          /^no sign of a leak in \d+ columns?, \d+ rows; rate, interest: as the file has them, not judged$/,
        );
        // Columns of the file are looked at like all others, but nobody can see when they were known.
        expect(report.notes).toEqual([
          "whether rate, interest were known at the bar's close cannot be seen, only whether a coming return shows in them",
        ]);
      },
    ),
    { numRuns: scale(12, 4), seed: 1 },
  );
});

test('bars that a file has twice stand on one side of a boundary only', async () => {
  const { time, open, high, low, close, volume } = gappyMarket(1500);
  const lines = [...time].map((ms, i) => [new Date(ms).toISOString(), open[i], high[i], low[i], close[i], volume[i]]);
  // Those around the first boundary once more, at the end of the file.
  const twice = [...lines, ...lines.slice(1040, 1060)].map((line) => `${line.join(',')}\n`);
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'twice.csv'), `time,open,high,low,close,volume\n${twice.join('')}`);
  const features = { timeframes: { '1h': { log_return: {}, rsi: {} } } };
  const config = configOf({ data: { source: 'twice.csv' }, features, model: { lookback: 16 } });
  const { bars, report } = await loadBars(config.data, { roots: [folder] });
  expect([bars.time.length, report.identicalDuplicates]).toEqual([1500, 20]);
  expect(findLeaks({ bars, config, effort: thorough }).findings).toEqual([]);
});

test('a dividend paid later, which scales all earlier prices of an adjusted file, tells nothing to earlier rows', () => {
  const bars = gappyMarket(1500);
  const features = { timeframes: { '1h': each, '4h': each } };
  const config = configOf({ features, model: { lookback: 16 } });
  const scaled = (column: Float64Array) => column.map((price) => 0.9 * price);
  const { open, high, low, close } = bars;
  const adjusted = { ...bars, open: scaled(open), high: scaled(high), low: scaled(low), close: scaled(close) };
  const [before, after] = [bars, adjusted].map((some) => {
    const { features: compute, labels } = runPipeline(config);
    const { names, columns } = compute(some);
    const tasks = labels(some).map(({ name, raw }) => [name, raw] as const);
    return new Map([...names.map((name, c) => [name, columns[c]] as const), ...tasks]);
  });
  for (const [name, own] of before) {
    const other = after.get(name) ?? new Float64Array();
    const furthest = own.reduce((most, value) => Math.max(most, Math.abs(value || 0)), 0);
    const differs = own.findIndex((value, i) =>
      Number.isNaN(value) ? !Number.isNaN(other[i]) : !(Math.abs(other[i] - value) <= 1e-9 * furthest),
    );
    expect([name, differs]).toEqual([name, -1]);
  }
});
