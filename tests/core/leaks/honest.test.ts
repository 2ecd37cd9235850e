import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indicators } from '#core/features/registry.ts';
import { findLeaks, quickEffort } from '#core/leaks/find-leaks.ts';
import { leakVerdict } from '#core/leaks/leak-report.ts';
import { loadBars } from '#trainer/data/load.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { gappyMarket, withExtra } from '#tests/core/features/bars.ts';
import { hasSharedData, sharedDataFolder } from '#tests/support/shared-data.ts';

/** The dates at which a file is split, so that no bar decides where a split begins. */
const instants = (validation: string, test: string) => ({ split: { validation_from: validation, test_from: test } });

const targets = { tasks: { ret: { kind: 'return' } } };

const each = Object.fromEntries(indicators.map(({ name }) => [name, {}]));

describe.skipIf(!hasSharedData)('no sign of a leak in real bars, whatever the indicator (skipped without them)', () => {
  test.each([
    ['btcusdt-1h-2017-2022.json', ['1h', '2h', '4h', '1d'], instants('2021-02-01', '2022-01-01')],
    ['btcusdt-15m-2022.json.gz', ['15m', '30m', '1h', '4h'], instants('2022-06-01', '2022-07-01')],
    ['btcusdt-5m-2022.json.gz', ['5m', '15m', '1h'], {}],
    ['aapl-1d.csv', ['1d', '2d'], { timezone: 'America/New_York', exchange: 'XNYS' }],
    ['eurusd-h1.csv', ['1h', '4h'], { gaps: { policy: 'fill', max_fill: 3 } }],
    ['eurusd-m15.csv', ['15m', '1h', '4h'], { gaps: { policy: 'ignore' } }],
  ])('%s in %s', async (source, timeframes, data) => {
    const features = { timeframes: Object.fromEntries(timeframes.map((name) => [name, each])) };
    const config = configOf({ data: { source, ...data }, features, model: { lookback: 16 }, targets });
    const { bars } = await loadBars(config.data, { roots: [sharedDataFolder] });
    const report = findLeaks({ bars, config, effort: { ...quickEffort(bars.time.length), dataset: true } });
    expect(report.findings).toEqual([]);
    expect(report.notes).toEqual([]);
    expect(report.columns).toBeGreaterThan(25 * timeframes.length - 20);
    expect(report.rows).toBeGreaterThan(35);
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
        const report = findLeaks({ bars, config, effort: quickEffort(bars.time.length), seed });
        expect(report.findings).toEqual([]);
        expect(leakVerdict(report)).toMatch(/^no sign of a leak in \d+ columns, \d+ rows$/);
        // Columns of the file are looked at like all others, but nobody can see when they were known.
        expect(report.notes).toEqual([
          'rate: as the file has it; whether it was known at that time cannot be seen',
          'interest: as the file has it; whether it was known at that time cannot be seen',
        ]);
      },
    ),
    { numRuns: 20, seed: 1 },
  );
});
