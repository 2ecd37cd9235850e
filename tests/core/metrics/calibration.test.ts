import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Bars } from '#core/bars/bars.ts';
import type { Dataset, Task } from '#core/dataset/dataset.ts';
import { majoritySide, scoreBaselines } from '#core/metrics/baselines.ts';
import { checkSides } from '#core/metrics/result-checks.ts';
import { type ScoredRows, scoreRows, takeScored, withLabel } from '#core/metrics/scored-rows.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { targetOf } from '#core/targets/registry.ts';
import { hour } from '#core/time/timeframe.ts';
import { sharedData } from '#tests/support/shared-data.ts';

/*
 * How often the checks are wrong, on the directions of three real markets. A share of 5 % seen in 1,000 tries is known to
 * 0.7 %: 6.5 % is two standard deviations above it.
 */

const csvCloses = (path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => Number(line.split(',')[4]))
    .filter(Number.isFinite);

const markets = {
  'BTC 1h': [
    'btcusdt-1h-2017-2022.json',
    (path: string) => JSON.parse(readFileSync(path, 'utf8')).map((bar: number[]) => bar[4]),
  ],
  'EURUSD h1': ['eurusd-h1.csv', csvCloses],
  'AAPL 1d': ['aapl-1d.csv', csvCloses],
} as const satisfies Record<string, readonly [string, (path: string) => number[]]>;

interface Market {
  readonly task: Task;
  readonly dataset: Dataset;
  readonly rows: ScoredRows;
  readonly baselines: ReturnType<typeof scoreBaselines>;
}

/** The directions of a market, scored on its last `count` rows with a label; the baselines learn from the first 70 %. */
function openMarket(close: Float64Array, horizon: number, count: number): Market {
  const rows = close.length;
  const bars = { close, segment: new Int32Array(rows) } as unknown as Bars;
  const { labels, outcome } = targetOf('direction');
  const raw = labels(outcome(bars, horizon));
  const task: Task = { name: 'dir', kind: 'direction', raw, labels: new Float32Array(0), mean: 0, sd: 1 };
  const every = withLabel(
    task,
    Int32Array.from({ length: rows }, (_, i) => i),
  );
  const scored = every.subarray(-count);
  const dataset = {
    time: Float64Array.from({ length: rows }, (_, i) => i * hour),
    close,
    horizon,
    tasks: [task],
    samples: { train: every.subarray(0, Math.floor(0.7 * every.length)), validation: scored, test: scored },
    report: { baseStep: hour },
  } as unknown as Dataset;
  const { rows: labelled } = takeScored(task, scored, new Float64Array(scored.length));
  return { task, dataset, rows: labelled, baselines: scoreBaselines(task, dataset, labelled) };
}

function judge({ task, dataset, rows, baselines }: Market, said: Float64Array) {
  const checks = checkSides({
    task,
    predicted: said,
    rows,
    scores: scoreRows(task, said, rows, dataset.horizon),
    baselines,
    majority: majoritySide(task, dataset),
  });
  const level = (code: string) => checks.find((check) => check.code === code)?.level;
  return { isBetter: level('direction') === 'ok', isLeak: level('leak') === 'warn' };
}

/** Shares of `tries` forecasts that are called better, and a leak. */
function shares(market: Market, tries: number, forecast: () => Float64Array) {
  let better = 0;
  let leak = 0;
  for (let t = 0; t < tries; t++) {
    const verdict = judge(market, forecast());
    better += +verdict.isBetter;
    leak += +verdict.isLeak;
  }
  return { better: better / tries, leak: leak / tries };
}

const random = seededRandom(20);
const flip = () => (random() < 0.5 ? 0.4 : 0.6);

/** A side that changes with probability `change` at each row. */
function stickyCoin(rows: number, change: number): Float64Array {
  const out = new Float64Array(rows);
  for (let i = 0, side = flip(); i < rows; i++) {
    if (random() < change) side = 1 - side;
    out[i] = side;
  }
  return out;
}

/** Says the label with probability `right`, rows in blocks of `block` right or wrong together. */
function forecaster(actual: Float64Array, right: number, block: number): Float64Array {
  let isRight = true;
  return actual.map((label, i) => {
    if (i % block === 0) isRight = random() < right;
    return isRight ? label : 1 - label;
  });
}

const closesOf = (name: keyof typeof markets): Float64Array | null => {
  const [file, read] = markets[name];
  const path = sharedData(file);
  return path === null ? null : Float64Array.from(read(path));
};

describe.each(Object.keys(markets) as (keyof typeof markets)[])('%s', (name) => {
  const close = closesOf(name);
  test.skipIf(close === null).each([
    { who: 'coins', horizon: 1, change: 0.5 },
    { who: 'coins that keep their side for 20 rows', horizon: 1, change: 0.05 },
    { who: 'coins that keep their side for 200 rows, of labels of 12 bars', horizon: 12, change: 0.005 },
  ])('at most 6.5 % of 1,000 $who are called better', ({ horizon, change }) => {
    const market = openMarket(close!, horizon, 1500);
    const { better, leak } = shares(market, 1000, () => stickyCoin(market.rows.actual.length, change));
    expect(better).toBeLessThanOrEqual(0.065);
    expect(leak).toBeLessThanOrEqual(0.01);
  });

  test.skipIf(close === null)('a side that is always said is never better, however the market drifts', () => {
    for (const horizon of [1, 60]) {
      const market = openMarket(close!, horizon, 6000);
      const always = (p: number) => new Float64Array(market.rows.actual.length).fill(p);
      expect([judge(market, always(0.6)), judge(market, always(0.4))]).toEqual(
        new Array(2).fill({ isBetter: false, isLeak: false }),
      );
    }
  });
});

describe.each(['BTC 1h', 'EURUSD h1'] as const)('%s', (name) => {
  const close = closesOf(name);
  test.skipIf(close === null).each([
    { labels: 'labels of 1 bar', horizon: 1, block: 1 },
    { labels: 'labels of 4 bars', horizon: 4, block: 1 },
    { labels: 'labels of 4 bars, right and wrong for as long', horizon: 4, block: 4 },
  ])('a forecaster right 56 % of the time on 3,000 effective rows is called better: $labels', ({ horizon, block }) => {
    const market = openMarket(close!, horizon, 3000 * horizon);
    const { better } = shares(market, 100, () => forecaster(market.rows.actual, 0.56, block));
    expect(better).toBeGreaterThanOrEqual(0.95);
  });

  test.skipIf(close === null)('a leak of 8 % on 6,000 rows is suspected, on 12 effective rows never', () => {
    const many = openMarket(close!, 1, 6000);
    // The label itself on 8 % of the rows, a coin on the others.
    const leaky = () => many.rows.actual.map((label) => (random() < 0.08 ? label : flip()));
    expect(shares(many, 100, leaky).leak).toBeGreaterThanOrEqual(0.95);
    for (const horizon of [1, 12]) {
      const few = openMarket(close!, horizon, 12 * horizon);
      expect(judge(few, few.rows.actual)).toEqual({ isBetter: false, isLeak: false });
      expect(shares(few, 100, () => forecaster(few.rows.actual, 0.6, 1)).leak).toBe(0);
    }
  });
});
