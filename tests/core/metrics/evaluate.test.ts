import { describe, expect, test } from 'vitest';
import { assembleDataset } from '#core/dataset/assemble.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { scoreMetrics, scorePredictions } from '#core/metrics/evaluate.ts';
import { termOf } from '#core/metrics/glossary.ts';
import { eventSchema } from '#core/run/event.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { configOf, smallFeatures } from '#tests/core/dataset/config.ts';
import { gappyMarket } from '#tests/core/features/bars.ts';

const bars = gappyMarket(3000, [1500]);
const build = (tasks?: object) =>
  assembleDataset(bars, configOf({ features: smallFeatures, targets: tasks ? { tasks } : {} }));
const dataset = build();

/** Forecasts made from the labels themselves: `twist` says what to make of each. */
function forecast(
  data: Dataset,
  split: 'validation' | 'test',
  twist: (label: number, i: number) => number,
): Float64Array[] {
  return data.tasks.map((task) => Float64Array.from(data.samples[split], (row, i) => twist(task.raw[row], i)));
}

test('the oracle scores perfectly, and is suspected of a leak', () => {
  const score = scorePredictions({ dataset, split: 'test', predictions: forecast(dataset, 'test', (y) => y) });
  expect(score.metrics).toMatchObject({ da: 1, f1: 1, rmse: 0, mae: 0, 'ret.r2': 1, 'ret.da': 1, 'dir.da': 1 });
  const failed = score.checks.filter((check) => !check.ok).map((check) => check.name);
  expect(failed).toEqual(['suspected leak']);
  expect(score.confusion.ret).toEqual(score.confusion.dir);
  expect(score.confusion.dir).toMatchObject({ upMisses: 0, downMisses: 0 });
  expect(score.metrics.n_eff).toBeCloseTo(dataset.samples.test.length / 12, 12);
});

test('a constant forecast is called predicting the mean and is shown better than nothing', () => {
  const predictions = dataset.tasks.map((task) =>
    new Float64Array(dataset.samples.test.length).fill(task.kind === 'return' ? 0 : 0.6),
  );
  const { metrics, baselines, checks } = scorePredictions({ dataset, split: 'test', predictions });
  expect(checks.map(({ name, level }) => [name, level])).toEqual([
    ['no sign of a leak', 'ok'],
    [expect.stringMatching(/^not shown better than (always up|always down|a coin)$/), 'none'],
    ['F1 not shown better than a coin', 'none'],
    ['not shown better than no return', 'none'],
    // The train mean is a constant too, and it need not be the better one.
    [expect.stringMatching(/better than the train mean$/), expect.stringMatching(/^(ok|none)$/)],
    ['forecasts vary 0 % as much as the target: the model predicts the mean', 'warn'],
  ]);
  expect(checks[1].message).toContain('it never changes side');
  expect(metrics.rmse).toBe(baselines.zero.rmse);
  expect(metrics['ret.da']).toBeNaN();
});

describe('baselines stand on the same rows', () => {
  const { baselines } = scorePredictions({
    dataset,
    split: 'validation',
    predictions: forecast(dataset, 'validation', (y) => y),
  });
  const rows = dataset.samples.validation;
  const [ret, dir] = dataset.tasks;

  test('zero return', () => {
    const squares = Array.from(rows, (row) => ret.raw[row] ** 2);
    expect(baselines.zero.rmse).toBeCloseTo(Math.sqrt(squares.reduce((a, b) => a + b) / rows.length), 12);
    expect(baselines.zero).not.toHaveProperty('da');
  });

  test('the majority is that of train, not of the rows scored', () => {
    const share = (part: Int32Array) => part.reduce((sum, row) => sum + dir.raw[row], 0) / part.length;
    const up = share(dataset.samples.train) >= 0.5;
    expect(baselines.majority.da).toBeCloseTo(up ? share(rows) : 1 - share(rows), 12);
    expect(baselines.majority).not.toHaveProperty('log_loss');
  });

  test('the train mean has an R² of 0', () => {
    expect(baselines.train_mean['ret.r2']).toBe(0);
  });

  test('the contrarian undoes what persistence repeats', () => {
    expect(baselines.contrarian['ret.ic']).toBeCloseTo(-baselines.persistence['ret.ic'], 12);
    expect(baselines.contrarian['dir.da'] + baselines.persistence['dir.da']).toBeCloseTo(1, 2);
  });

  test('a coin is right half the time, and is judged by its F1', () => {
    expect(baselines.coin.da).toBe(0.5);
    expect(baselines.coin.f1).toBeGreaterThan(baselines.majority.f1);
    expect(baselines.coin).not.toHaveProperty('log_loss');
  });

  test('persistence repeats the last return', () => {
    const hits = Array.from(rows).filter((row) => {
      const past = Math.log(dataset.close[row] / dataset.close[row - 12]);
      return Math.sign(past) === Math.sign(ret.raw[row]);
    });
    expect(baselines.persistence['ret.da']).toBeCloseTo(hits.length / rows.length, 2);
  });
});

test('without a direction task da and f1 come from the sign of the first return task', () => {
  const only = build({ r: { kind: 'return' } });
  const predictions = forecast(only, 'test', (y, i) => (i % 3 === 0 ? -y : y));
  const { metrics, baselines } = scorePredictions({ dataset: only, split: 'test', predictions });
  expect(metrics.da).toBe(metrics['r.da']);
  expect(metrics.da).toBeCloseTo(2 / 3, 2);
  expect(metrics.f1).toBe(metrics['r.f1']);
  expect(baselines.majority.da).toBeGreaterThan(0.3);
});

test('without a return task there is no rmse', () => {
  const only = build({ d: { kind: 'direction' } });
  const { metrics, checks } = scorePredictions({
    dataset: only,
    split: 'test',
    predictions: forecast(only, 'test', () => 0.7),
  });
  expect(metrics).not.toHaveProperty('rmse');
  expect(checks.map((check) => check.code)).toEqual(['leak', 'direction', 'f1']);
});

test('the first task of a kind names the short metrics', () => {
  const two = build({ a: { kind: 'direction' }, b: { kind: 'direction' }, r: { kind: 'return' } });
  const predictions = two.tasks.map((task, t) =>
    Float64Array.from(two.samples.test, (row) => (t === 1 ? 1 - task.raw[row] : task.raw[row])),
  );
  const { metrics } = scorePredictions({ dataset: two, split: 'test', predictions });
  expect([metrics.da, metrics['a.da'], metrics['b.da']]).toEqual([1, 1, 0]);
});

test('predictions that do not fit the samples are refused', () => {
  expect(() => scorePredictions({ dataset, split: 'test', predictions: [] })).toThrow(
    'predictions of ret, received none',
  );
  const short = dataset.tasks.map(() => new Float64Array(3));
  expect(() => scorePredictions({ dataset, split: 'test', predictions: short })).toThrow('received 3');
});

test('rows without a direction are left out of the scores of the direction alone', () => {
  const [ret, dir] = dataset.tasks;
  const flat = new Set(dataset.samples.test.filter((_, i) => i % 5 === 0));
  const raw = dir.raw.map((label, row) => (flat.has(row) ? NaN : label));
  const some = { ...dataset, tasks: [ret, { ...dir, raw }] };
  const predictions = [
    Float64Array.from(dataset.samples.test, (row) => ret.raw[row] / 2),
    Float64Array.from(dataset.samples.test, (row) => (dir.raw[row] > 0.5 ? 0.7 : 0.2)),
  ];
  const { metrics, baselines, confusion, reliability, edge } = scorePredictions({
    dataset: some,
    split: 'test',
    predictions,
  });
  const n = dataset.samples.test.length;
  expect(metrics).toMatchObject({ 'dir.n': n - flat.size, 'dir.excluded': flat.size, 'ret.n': n, 'ret.excluded': 0 });
  const up =
    Array.from(dataset.samples.test).filter((row) => !flat.has(row) && dir.raw[row] > 0.5).length / (n - flat.size);
  expect(metrics.log_loss).toBeCloseTo(-(up * Math.log(0.7) + (1 - up) * Math.log(0.8)), 12);
  expect(metrics.brier).toBeCloseTo(up * 0.09 + (1 - up) * 0.04, 12);
  expect(confusion.dir.upHits + confusion.dir.downHits).toBe(n - flat.size);
  expect(reliability.dir.bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(n - flat.size);
  expect(baselines.ridge.brier).toBeGreaterThan(0);
  expect(edge).toMatchObject({
    metric: 'da',
    value: 1 - Math.max(...Object.values(baselines).map(({ da }) => da ?? 0)),
  });
});

test('every headline metric has an interval around it', () => {
  const long = assembleDataset(gappyMarket(6000, []), configOf({ features: smallFeatures }));
  const random = seededRandom(8);
  const predictions = long.tasks.map(({ kind, raw }) =>
    Float64Array.from(long.samples.validation, (row) =>
      kind === 'return' ? raw[row] * random() + 0.01 * (random() - 0.5) : random(),
    ),
  );
  const { metrics } = scorePredictions({ dataset: long, split: 'validation', predictions });
  for (const name of ['da', 'f1', 'rmse', 'mae', 'r2', 'ic', 'log_loss', 'brier']) {
    expect(metrics[`${name}_low`], name).toBeLessThan(metrics[name]);
    expect(metrics[`${name}_high`], name).toBeGreaterThan(metrics[name]);
  }
  const after = scoreMetrics({ dataset: long, split: 'validation', predictions });
  expect(Object.keys(after).filter((name) => /_low$/.test(name))).toEqual(['da_low', 'ret.da_low', 'dir.da_low']);
  expect(Object.keys(metrics).filter((name) => termOf(name) === undefined)).toEqual([]);
});

test('forecasts that vary far more than the target are warned of', () => {
  const predictions = forecast(dataset, 'test', (y) => y * 33.6);
  const { checks } = scorePredictions({
    dataset,
    split: 'test',
    predictions: [predictions[0], predictions[1].fill(0.5)],
  });
  expect(checks.find(({ code }) => code === 'spread')).toMatchObject({
    name: 'forecasts vary 3,360 % as much as the target: more than a forecast can know',
    level: 'warn',
  });
});

test('a result is an event that older and newer readers can parse', () => {
  const { metrics, baselines, checks, ...findings } = scorePredictions({
    dataset,
    split: 'test',
    predictions: forecast(dataset, 'test', (y) => y),
  });
  const head = { seq: 1, at: '', attempt: 1, type: 'result', split: 'test', metrics, baselines };
  const event = JSON.parse(JSON.stringify({ ...head, checks, ...findings }));
  expect(eventSchema.parse(event)).toEqual(event);
  const old = { ...head, checks: [{ name: 'suspected leak', ok: true, message: 'DA 0.51' }] };
  expect(eventSchema.parse(JSON.parse(JSON.stringify(old)))).toMatchObject({ checks: old.checks });
});
