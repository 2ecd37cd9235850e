import { describe, expect, test } from 'vitest';
import { sliceBars } from '#core/bars/bars.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { fewBatchesNote } from '#core/dataset/few-batches.ts';
import { type Dataset, type SplitName, splitNames } from '#core/dataset/dataset.ts';
import { AppError, type ErrorCode } from '#core/error.ts';
import { scoreMetrics } from '#core/metrics/evaluate.ts';
import { hasSharedData, sharedData } from '#tests/support/shared-data.ts';
import { cutBars, gappyMarket, HOUR, perturbBars, readRows } from '#tests/core/features/bars.ts';
import { configOf, smallFeatures } from './config.ts';

const bars = gappyMarket(4000, [900, 901, 2500]);
const config = configOf({ features: smallFeatures });
const dataset = assembleDataset(bars, config);

describe('samples', () => {
  test('every row is accounted for once', () => {
    const { report } = dataset;
    const samples = splitNames.reduce((sum, name) => sum + report.samples[name], 0);
    const lost = report.warmupRows + report.unlabelledRows + report.brokenWindows + report.purged + report.embargoed;
    expect(samples + lost).toBe(report.bars);
    expect(report.bars).toBe(3997);
    for (const name of splitNames) expect(report.samples[name]).toBe(dataset.samples[name].length);
  });

  test('the counts are those of the breaks', () => {
    // Three stretches: 20 rows of warm-up, 12 without a label and 63 without a window each.
    expect(dataset.report).toMatchObject({ warmupRows: 60, warmupBars: 20, brokenWindows: 189, purged: 24 });
    expect(dataset.report.unlabelledRows).toBe(36);
  });

  test('no window or label touches a break', () => {
    const { lookback, horizon } = dataset;
    expect([lookback, horizon]).toEqual([64, 12]);
    for (const name of splitNames) {
      for (const row of dataset.samples[name]) {
        expect(bars.time[row + horizon] - bars.time[row - lookback + 1]).toBe((lookback + horizon - 1) * HOUR);
      }
    }
  });

  test('labels end before the next split begins', () => {
    const { train, validation, test } = dataset.samples;
    expect(dataset.decision[train[train.length - 1] + 12]).toBeLessThan(dataset.decision[validation[0]]);
    expect(dataset.decision[validation[validation.length - 1] + 12]).toBeLessThan(dataset.decision[test[0]]);
    expect(dataset.report.boundaries.validation?.[0]).toBe(bars.time[validation[0]] + HOUR);
  });

  test('the same input gives the same dataset', () => {
    expect(assembleDataset(bars, config)).toEqual(dataset);
  });
});

describe('the same rows for every run (SAMPLES.md#split)', () => {
  const whole = gappyMarket(8000);
  const made = (groups: object) => assembleDataset(whole, configOf({ features: smallFeatures, ...groups }));
  const short = made({ model: { lookback: 32 } });

  test.each<[string, object]>([
    ['a lookback of 256', { model: { lookback: 256 } }],
    ['a daily indicator', { features: { timeframes: { '1d': { macd: {} } } }, model: { lookback: 32 } }],
  ])('%s moves no boundary and takes no row of validation and test', (_, groups) => {
    const long = made(groups);
    expect(long.report.splitAt).toEqual(short.report.splitAt);
    expect(long.report.splitAt.testFrom).toBe(whole.time[6800]);
    expect(long.samples.test).toEqual(short.samples.test);
    expect(long.samples.validation).toEqual(short.samples.validation);
    expect(long.samples.train.at(-1)).toBe(short.samples.train.at(-1));
    expect(long.samples.train[0]).toBeGreaterThan(short.samples.train[0]);
  });

  test('a shorter training period with pinned instants leaves validation and test as they were', () => {
    const split = { validation_from: '2018-08-21T08:00', test_from: '2018-10-11T08:00', until: '2018-11-30T08:00' };
    const all = made({ data: { split } });
    const late = assembleDataset(cutBars(whole, 2000, 8000), configOf({ features: smallFeatures, data: { split } }));
    const times = ({ samples, time }: typeof all, name: SplitName) => Array.from(samples[name], (row) => time[row]);
    expect(late.report.splitAt).toEqual(all.report.splitAt);
    for (const name of ['validation', 'test'] as const) expect(times(late, name)).toEqual(times(all, name));
    expect(late.samples.train.length).toBe(all.samples.train.length - 2000);
  });

  test('rows from `until` on are counted and told', () => {
    const { report } = made({ data: { split: { until: '2018-11-20' } } });
    // Of the hours from then on the last twelve have no label.
    const left = 8000 - (Date.UTC(2018, 10, 20) - whole.time[0]) / HOUR - 12;
    expect(report.afterUntil).toBe(left);
    expect(report.notes).toContain(`${left} rows from data.split.until on are in no split`);
    const { samples } = report;
    const lost = report.warmupRows + report.unlabelledRows + report.brokenWindows + report.purged + report.afterUntil;
    expect(samples.train + samples.validation + samples.test + lost).toBe(report.bars);
  });
});

describe('returns of zero', () => {
  const coarse = { ...bars, close: bars.close.map((price) => Math.round(price / 20) * 20) };
  const made = (tasks: object) =>
    assembleDataset(coarse, configOf({ features: smallFeatures, targets: { horizon: 3, tasks } }));
  const alone = made({ ret: { kind: 'return' } });
  const both = made({ dir: { kind: 'direction' }, ret: { kind: 'return' } });

  test('a return beside a direction has the rows, labels and score that it has alone', () => {
    expect(both.samples).toEqual(alone.samples);
    const [, ret] = both.tasks;
    expect(ret).toEqual(alone.tasks[0]);
    const forecast = (of: Dataset) => Float64Array.from(of.samples.test, (row) => 0.001 * Math.sin(row));
    const own = scoreMetrics({ dataset: alone, split: 'test', predictions: [forecast(alone)] });
    const beside = scoreMetrics({ dataset: both, split: 'test', predictions: [forecast(both), forecast(both)] });
    for (const [name, value] of Object.entries(own)) {
      if (name.startsWith('ret.')) expect(beside[name], name).toBe(value);
    }
    expect(beside['ret.rmse']).toBeGreaterThan(0);
  });

  test('take a row from the loss and the score of the direction only', () => {
    const [dir] = both.tasks;
    const { test: rows } = both.samples;
    const flat = rows.filter((row) => Number.isNaN(dir.raw[row]));
    expect(flat.length).toBeGreaterThan(50);
    expect(Array.from(flat, (row) => both.outcomes[0][row])).toEqual(Array.from(flat, () => 0));
    const right = Float64Array.from(rows, (row) => (both.outcomes[0][row] > 0 ? 0.9 : 0.1));
    const scores = scoreMetrics({ dataset: both, split: 'test', predictions: [right, right] });
    expect(scores).toMatchObject({ da: 1, n: rows.length - flat.length });
    expect(scores.log_loss).toBeCloseTo(-Math.log(0.9), 12);
    expect(scores.brier).toBeCloseTo(0.01, 12);
    expect(both.report.notes.join()).toContain('with a zero return');
  });

  test('the balance is that of the labels of train and validation', () => {
    const [dir] = both.tasks;
    const share = (name: SplitName) => {
      const labels = Array.from(both.samples[name], (row) => dir.raw[row]).filter((label) => !Number.isNaN(label));
      return labels.reduce((sum, label) => sum + label, 0) / labels.length;
    };
    const { train, validation, ...others } = both.report.balance.dir;
    expect(train).toBeCloseTo(share('train'), 12);
    expect(validation).toBeCloseTo(share('validation'), 12);
    expect(others).toEqual({});
  });

  test('a split in which hardly any price moves is refused for the direction that asks for it', () => {
    const { validation } = both.eligible;
    const still = {
      ...bars,
      close: bars.close.map((price, row) => (row >= validation[8] && row < 3990 ? bars.close[validation[8]] : price)),
    };
    const config = configOf({ features: smallFeatures, targets: { horizon: 3 } });
    expect(() => assembleDataset(still, config)).toThrow(/The validation split has 8 labels of dir in \d+ samples/);
    const only = configOf({ features: smallFeatures, targets: { horizon: 3, tasks: { ret: { kind: 'return' } } } });
    expect(assembleDataset(still, only).samples.validation.length).toBeGreaterThan(100);
  });
});

describe('scaling', () => {
  test('features of train windows have mean 0 and deviation 1', () => {
    const covered = new Set<number>();
    for (const row of dataset.samples.train) for (let i = row - 63; i <= row; i++) covered.add(i);
    dataset.names.forEach((name, c) => {
      if (name === '1h.realised_vol_20') return; // clipped tails move its moments
      const values = Array.from(covered, (row) => dataset.features[row * dataset.names.length + c]);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      expect(mean, name).toBeCloseTo(0, 2);
      expect(sd, name).toBeCloseTo(1, 1);
    });
  });

  test('labels of return are standardised on train and can be turned back', () => {
    const [ret, dir] = dataset.tasks;
    const values = Array.from(dataset.samples.train, (row) => ret.labels[row]);
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(0, 5);
    for (const row of dataset.samples.test) {
      expect(ret.labels[row] * ret.sd + ret.mean).toBeCloseTo(ret.raw[row], 6);
      expect(dir.labels[row]).toBe(ret.raw[row] > 0 ? 1 : 0);
    }
    expect([dir.mean, dir.sd]).toEqual([0, 1]);
  });

  test('every number is finite, and 0 stands for what is missing', () => {
    expect(dataset.features.every(Number.isFinite)).toBe(true);
    expect(dataset.features[dataset.names.indexOf('1h.log_return_1')]).toBe(0);
    for (const task of dataset.tasks) expect(task.labels.every(Number.isFinite)).toBe(true);
  });
});

describe('leaks (SAMPLES.md#leaks)', () => {
  test('bars after the last train label change neither scaler nor train features nor train labels', () => {
    const last = dataset.samples.train[dataset.samples.train.length - 1];
    // 3, not 2: a power of two would keep every ratio.
    const bent = assembleDataset(perturbBars(bars, last + 13, 3), config);
    expect(bent.samples.train).toEqual(dataset.samples.train);
    expect(bent.scaler).toEqual(dataset.scaler);
    const width = dataset.names.length;
    expect(bent.features.subarray(0, (last + 1) * width)).toEqual(dataset.features.subarray(0, (last + 1) * width));
    expect(bent.features).not.toEqual(dataset.features);
    dataset.tasks.forEach((task, t) => {
      expect([bent.tasks[t].mean, bent.tasks[t].sd]).toEqual([task.mean, task.sd]);
      for (const row of dataset.samples.train) expect(bent.tasks[t].labels[row]).toBe(task.labels[row]);
    });
  });

  test('the scaler does see the train rows (the test above can fail)', () => {
    const bent = assembleDataset(perturbBars(bars, 1000, 3), config);
    expect(bent.scaler).not.toEqual(dataset.scaler);
  });

  test('a purge shorter than the horizon is said to leak', () => {
    const short = assembleDataset(bars, configOf({ features: smallFeatures, data: { split: { purge: 3 } } }));
    expect(short.report.notes.join()).toContain('purge 3 is less than the horizon 12');
    expect(dataset.report.notes.join()).not.toContain('purge');
  });
});

describe('columns', () => {
  test('one that is constant on train is left out with a note', () => {
    const level = { ...bars, volume: bars.volume.map((_, i) => (i < 3200 ? 5 : bars.volume[i])) };
    const features = { timeframes: { '1h': { log_return: {}, volume_z: {} } }, calendar: null };
    const { names, scaler, features: matrix, report, rows } = assembleDataset(level, configOf({ features }));
    expect(names).toEqual(['1h.log_return_1']);
    expect(scaler.names).toEqual(names);
    expect(matrix.length).toBe(rows);
    expect(report.notes).toContain('1h.volume_z_50 left out: constant on the train rows');
  });

  test('the robust scaler is used where asked for', () => {
    expect(assembleDataset(bars, configOf({ features: { ...smallFeatures, scaler: 'robust' } })).scaler).toMatchObject({
      kind: 'robust',
      clip: 5,
    });
  });
});

describe('what is too little is refused with numbers and a way out', () => {
  function refusal(run: () => unknown): AppError {
    try {
      run();
    } catch (error) {
      if (error instanceof AppError) return error;
      throw error;
    }
    throw new Error('nothing was refused');
  }
  const small = (rows: number, groups: object = {}, holes: number[] = []) =>
    refusal(() => assembleDataset(gappyMarket(rows, holes), configOf({ features: smallFeatures, ...groups })));

  test.each<[string, AppError, ErrorCode, string, string]>([
    [
      'no bars',
      refusal(() => assembleDataset(sliceBars(bars, 0, 0), config)),
      'data_empty',
      'data.source',
      'none from sample://market',
    ],
    [
      'features that never settle',
      small(300, { features: { timeframes: { '4h': { macd: {} } } } }),
      'warmup_too_long',
      'features.timeframes',
      'needs 415 bars of 1h before its first settled value, and there are 300',
    ],
    [
      'stretches shorter than the warm-up',
      small(300, { features: { timeframes: { '1h': { rsi: {} } } } }, [90, 180, 270]),
      'warmup_too_long',
      'features.timeframes',
      'the longest of 4 stretches without a gap',
    ],
    [
      'a gap that starts the warm-up of a split afresh',
      small(1000, { features: { timeframes: { '4h': { macd: {} } } } }, [560]),
      'split_too_small',
      'data.split.validation',
      'One gap in the bars made features start afresh',
    ],
    ['no window', small(300, { model: { lookback: 512 } }), 'split_too_small', 'model.lookback', '300 bars'],
    [
      'a split whose windows lack bars',
      small(700, { model: { lookback: 512 } }),
      'split_too_small',
      'data.split.train',
      'it keeps 0 samples of its 490 bars (2018-01-01 00:00 to 2018-01-21 09:00 UTC), and at least 12 are needed. ' +
        'Of the others 20 went to the warm-up of features, 470 lack 512 unbroken bars behind them.',
    ],
    [
      'instants beyond the bars',
      small(700, { data: { split: { validation_from: '2018-01-21', test_from: '2018-01-30T04:00' } } }),
      'split_too_small',
      'data.split.test_from',
      'which open from 2018-01-01 00:00 to 2018-01-30 03:00 UTC, received 2018-01-30T04:00',
    ],
    [
      'instants that leave a split too little',
      small(700, { data: { split: { validation_from: '2018-01-21', test_from: '2018-01-21T20:00' } } }),
      'split_too_small',
      'data.split.test_from',
      'it keeps 8 samples of its 20 bars (2018-01-21 00:00 to 2018-01-21 19:00 UTC), and at least 12 are needed. ' +
        'Of the others 12 went to purge and embargo. Move data.split.validation_from or test_from',
    ],
    [
      'a split whose samples are all purged',
      small(700, { data: { split: { train: 0.7, validation: 0.15, test: 0.15, purge: 100 } } }),
      'split_too_small',
      'data.split.validation',
      'it keeps 5 samples of its 105 bars',
    ],
  ])('%s', (_, error, code, path, words) => {
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.issues[0].path).toBe(path);
  });

  test('prices that never move', () => {
    const flat = (column: Float64Array) => column.map(() => 7);
    const { open, high, low, close } = bars;
    const dead = { ...bars, open: flat(open), high: flat(high), low: flat(low), close: flat(close) };
    const only = configOf({
      features: { ...smallFeatures, calendar: null },
      targets: { tasks: { r: { kind: 'return' } } },
    });
    const error = refusal(() => assembleDataset(dead, only));
    expect(error.code).toBe('data_empty');
    expect(error.message).toContain('constant on the train rows');
    expect(error.message).toContain('the close is 7 in every bar');
  });

  test('a close that never moves beside a high and a low that do', () => {
    const error = refusal(() =>
      assembleDataset({ ...bars, close: bars.close.map(() => 7) }, configOf({ features: smallFeatures })),
    );
    expect(error.code).toBe('data_empty');
    expect(error.message).toContain(`the close is 7 in all ${bars.close.length} bars`);
  });

  test('few batches are only remarked upon', () => {
    expect(fewBatchesNote(10_239, 1024)).toContain('10239 train windows are fewer than ten batches of 1024');
    expect(fewBatchesNote(10_240, 1024)).toBeNull();
  });
});

// The real file with 27 gaps, at the defaults of the product.
test.skipIf(!hasSharedData)('five years of real hours become samples', () => {
  const real = readRows(sharedData('btcusdt-1h-2017-2022.json') ?? '', HOUR);
  const { report, names, samples, features } = assembleDataset(real, configOf());
  expect(report.bars).toBe(45_345);
  expect(names).toHaveLength(18);
  expect(features.every(Number.isFinite)).toBe(true);
  expect(report.samples.train).toBeGreaterThan(15_000);
  expect(samples.test.length).toBeGreaterThan(3_000);
  expect(report.notes.join()).toContain('gaps');
  for (const share of Object.values(report.balance.dir)) expect(Math.abs(share - 0.5)).toBeLessThan(0.05);
});

test.skipIf(!hasSharedData)(
  'twin runs on real hours are scored on the same rows, whatever lookback and indicators',
  () => {
    const real = readRows(sharedData('btcusdt-1h-2017-2022.json') ?? '', HOUR);
    const made = (groups: object) => assembleDataset(real, configOf(groups));
    const short = made({ model: { lookback: 32 } });
    // 0.7 and 0.85 of 45,345 bars.
    expect(short.report.splitAt).toEqual({
      validationFrom: real.time[31_741],
      testFrom: real.time[38_543],
      until: null,
    });
    const daily = { '1h': { rsi: {} }, '1d': { rsi: {} } };
    for (const groups of [{ model: { lookback: 256 } }, { model: { lookback: 32 }, features: { timeframes: daily } }]) {
      const twin = made(groups);
      expect(twin.report.splitAt).toEqual(short.report.splitAt);
      expect(twin.samples.test).toEqual(short.samples.test);
      expect(twin.eligible).toEqual(short.eligible);
      expect(twin.samples.train.length).toBeLessThan(short.samples.train.length);
    }
  },
);
