import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileConfig, defaultConfig, requireConfig } from '#core/config/compile.ts';
import { complete } from '#core/config/complete.ts';
import { parseConfig, toFile } from '#core/config/config-file.ts';
import { AppError } from '#core/error.ts';
import { defaultIndicators } from '#core/features/defaults.ts';

const issuesOf = (config: unknown) => compileConfig({ config }).issues;

describe('defaults', () => {
  test('are those of the contract', () => {
    const config = defaultConfig();
    expect(config.model).toMatchObject({ architecture: 'mlp', variant: 'base', lookback: 64 });
    expect(config.train).toMatchObject({ epochs: 30, batch_size: 256, seed: 1, engine: 'auto' });
    expect(config.data.source).toBe('sample://market');
    expect(config.features.timeframes).toBe('auto');
  });

  test('every task has a loss and a weight', () => {
    expect(defaultConfig().loss).toEqual({
      terms: { ret: { kind: 'huber', delta: 1 }, dir: { kind: 'bce', label_smoothing: 0 } },
      weights: { ret: 1, dir: 1 },
    });
  });

  test('a complete configuration compiles to itself', () => {
    const config = defaultConfig();
    expect(compileConfig({ config: toFile(config) })).toMatchObject({
      config,
      groups: config,
      document: toFile(config),
      issues: [],
      overrides: [],
    });
    expect(parseConfig(toFile(config))).toEqual({ config, groups: config, issues: [] });
    expect(complete(toFile(config))).toEqual(toFile(config));
  });

  test('a missing kind is the default kind', () => {
    const { config, issues } = compileConfig({
      config: { train: { optimizer: { learning_rate: 0.01 } }, loss: { ret: { delta: 2 } } },
    });
    expect(issues).toEqual([]);
    expect(config?.train.optimizer).toMatchObject({ kind: 'adamw', learning_rate: 0.01 });
    expect(config?.loss.terms.ret).toEqual({ kind: 'huber', delta: 2 });
  });
});

describe('completing', () => {
  const group = fc.dictionary(
    fc.constantFrom('ret', 'dir', 'weights', 'kind', 'tasks', 'horizon', 'optimizer'),
    fc.jsonValue(),
  );

  test('twice changes nothing, whatever was written', () => {
    const document = fc.record({ targets: group, loss: group, train: group }, { requiredKeys: [] });
    fc.assert(
      fc.property(document, (written) => {
        const once = complete(written);
        expect(complete(once)).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  test('gives a group that is not valid no task that it does not list', () => {
    const tasks = { a: { kind: 'return' } };
    const { config } = compileConfig({ config: { targets: { horizon: 0, tasks } }, overrides: ['targets.horizon=5'] });
    expect(config?.targets).toEqual({ horizon: 5, tasks });
    const removed = compileConfig({
      config: { targets: { horizon: 0 } },
      overrides: ['~targets.tasks.dir', 'targets.horizon=5'],
    });
    expect(removed.config?.targets).toEqual({ horizon: 5, tasks: { ret: { kind: 'return' } } });
    expect(issuesOf({ targets: { tasks: { ret: {} } } })).toEqual([
      { path: 'targets.tasks.ret.kind', message: 'expected one of return, direction, received nothing' },
    ]);
  });

  test('leaves what is no map of groups to the schema', () => {
    expect(parseConfig(7)).toMatchObject({
      config: null,
      issues: [{ path: '', message: 'expected a map, received 7' }],
    });
    expect(parseConfig({ train: null }).issues).toMatchObject([{ path: 'train' }]);
    expect(parseConfig({ trian: {} }).issues).toMatchObject([{ path: 'trian' }]);
  });
});

describe('parts', () => {
  test('the later part wins', () => {
    const { config } = compileConfig({
      config: { train: { epochs: 1, seed: 7 }, model: { lookback: 32 } },
      cells: { train: { epochs: 2, batch_size: 64 } },
      overrides: ['train.epochs=3'],
    });
    expect(config?.train).toMatchObject({ epochs: 3, seed: 7, batch_size: 64 });
    expect(config?.model.lookback).toBe(32);
  });

  test('maps of timeframes, tasks and losses replace what was there', () => {
    const { config, issues } = compileConfig({
      config: { features: { timeframes: { '1h': { rsi: {} } } }, targets: { tasks: { a: { kind: 'return' } } } },
      cells: {
        features: { timeframes: { '4h': { rsi: {} } } },
        targets: { tasks: { up: { kind: 'direction' } } },
      },
    });
    expect(issues).toEqual([]);
    expect(config?.features.timeframes).toEqual({ '4h': { rsi: { period: 14, flat: 50 } } });
    expect(Object.keys(config?.targets.tasks ?? {})).toEqual(['up']);
    expect(config?.loss).toEqual({ terms: { up: { kind: 'bce', label_smoothing: 0 } }, weights: { up: 1 } });
  });

  test('another optimizer replaces the keys of the first', () => {
    const { config, issues } = compileConfig({
      config: { train: { optimizer: { kind: 'adamw', beta1: 0.8 } } },
      cells: { train: { optimizer: { kind: 'sgd' } } },
    });
    expect(issues).toEqual([]);
    expect(config?.train.optimizer).toEqual({ kind: 'sgd', learning_rate: 0.001, weight_decay: 0, momentum: 0.9 });
  });

  test('the flat keys of the older dashboard work as they are', () => {
    const { config, issues } = compileConfig({
      config: { data_source: './data/example.csv', timeframes: ['1m', '15m', '1h'], variant: 'base', max_epochs: 50 },
    });
    expect(issues).toEqual([]);
    expect(config?.data.source).toBe('./data/example.csv');
    expect(config?.model.variant).toBe('base');
    expect(config?.train.epochs).toBe(50);
    expect(config?.features.timeframes).toEqual({
      '1m': defaultIndicators,
      '15m': defaultIndicators,
      '1h': defaultIndicators,
    });
  });

  test('a flat key that contradicts the grouped one is refused', () => {
    expect(issuesOf({ max_epochs: 5, train: { epochs: 6 } })).toMatchObject([{ path: 'max_epochs' }]);
  });

  test('an empty cell takes its defaults', () => {
    expect(compileConfig({ cells: { model: null } }).config).toEqual(defaultConfig());
  });
});

describe('findings', () => {
  test.each([
    [{ trian: {} }, 'trian', 'unknown key "trian"; did you mean train?'],
    [{ train: { bach_size: 3 } }, 'train.bach_size', 'unknown key "bach_size"; did you mean train.batch_size?'],
    [{ learning_rate: 1 }, 'learning_rate', 'unknown key "learning_rate"; did you mean train.optimizer.learning_rate?'],
    [{ train: { epochs: 0 } }, 'train.epochs', 'expected a whole number from 1 to 10,000, received 0'],
    [{ train: { epochs: 2.5 } }, 'train.epochs', 'expected a whole number from 1 to 10,000, received 2.5'],
    [{ train: { clip_norm: 'a' } }, 'train.clip_norm', 'expected a number from 0.001 to 1000 or null, received "a"'],
    [
      { train: { optimizer: { kind: 'adam' } } },
      'train.optimizer.kind',
      'expected one of adamw, sgd, received "adam"; did you mean adamw?',
    ],
    [
      { train: { early_stopping: { patience: 0 } } },
      'train.early_stopping.patience',
      'expected a whole number from 1 to 1000, received 0',
    ],
    [
      { model: { architecture: 'tnc' } },
      'model.architecture',
      'expected one of mlp, tcn, gru, lstm, tsmixer, patchtst, dlinear, nlinear, received "tnc"; did you mean tcn?',
    ],
    [
      { features: { timeframes: { '1h': { rsi: { period: 1 } } } } },
      'features.timeframes.1h.rsi.period',
      'expected a whole number from 2 to 1000, received 1',
    ],
    [
      { features: { timeframes: { '1h': { rsi: null } } } },
      'features.timeframes.1h.rsi',
      'expected a map, received null; write {} for its defaults, or leave it out',
    ],
    [
      { features: { timeframes: { '1hour': { rsi: {} } } } },
      'features.timeframes.1hour',
      'expected a timeframe such as 15m, 1h, 4h or 1d, received "1hour"',
    ],
    [
      { features: { timeframes: { '1h': { rsi: {} }, '60m': { rsi: {} } } } },
      'features.timeframes.60m',
      'expected each timeframe once, and 60m is as long as 1h; join the two',
    ],
    [
      { data: { split: { train: 0.8 } } },
      'data.split',
      'expected train, validation and test to sum to 1, received 0.8 + 0.15 + 0.15 = 1.1',
    ],
    [
      { data: { timezone: 'Mars/Base' } },
      'data.timezone',
      'expected a time zone such as UTC, Europe/Berlin or America/New_York, received "Mars/Base"',
    ],
    [{ loss: { rte: { kind: 'mse' } } }, 'loss.rte', 'there is no task "rte" in targets.tasks; did you mean ret?'],
    [
      { loss: { ret: { kind: 'bce' } } },
      'loss.ret.kind',
      'expected one of mse, mae, huber, because ret is a return, received "bce"',
    ],
    [{ loss: { dir: { kind: 'mse' } } }, 'loss.dir.kind', 'expected bce, because dir is a direction, received "mse"'],
    [
      { train: { select: { metric: 'val.da' } } },
      'train.select.mode',
      'expected max, because a higher val.da is better',
    ],
    [
      { train: { select: { metric: 'test.da', mode: 'max' } } },
      'train.select.metric',
      'expected a validation metric: a checkpoint chosen by its test scores has seen the test, and its test results are ' +
        'worth nothing; did you mean val.da?',
    ],
    [{ model: 7 }, 'model', 'expected a map, received 7'],
  ])('%j', (config, path, message) => {
    const { config: compiled, issues } = compileConfig({ config });
    expect(compiled).toBeNull();
    expect(issues).toEqual([{ path, message }]);
  });

  test.each([
    ['no task', { targets: { tasks: {} } }, 'targets.tasks'],
    ['no feature', { features: { timeframes: {}, calendar: null } }, 'features.timeframes'],
    ['a timeframe without indicators', { features: { timeframes: { '1h': {} } } }, 'features.timeframes.1h'],
    ['weights of zero', { loss: { weights: { ret: 0, dir: 0 } } }, 'loss.weights'],
    ['a metric nobody measures', { train: { select: { metric: 'val.mape' } } }, 'train.select.metric'],
    ['a URL', { data: { source: 'https://example.com/x.csv' } }, 'data.source'],
    [
      'a range that ends before it starts',
      { data: { range: { start: '2021-02-01', end: '2021-01-01' } } },
      'data.range.end',
    ],
    ['a date that is none', { data: { range: { start: 'May' } } }, 'data.range.start'],
  ])('%s', (_name, config, path) => {
    expect(issuesOf(config)).toMatchObject([{ path }]);
  });

  test.each<[object, object, string, string]>([
    [
      { validation_from: '2021-06-01' },
      {},
      'test_from',
      'expected a time, because validation_from is 2021-06-01, received null; give both, or neither and the shares say',
    ],
    [
      { test_from: '2021-06-01' },
      {},
      'validation_from',
      'expected a time, because test_from is 2021-06-01, received null; give both, or neither and the shares say',
    ],
    [
      { validation_from: '2021-06-01', test_from: '2021-06-01' },
      {},
      'test_from',
      'expected a time after data.split.validation_from (2021-06-01), received 2021-06-01',
    ],
    [
      { validation_from: '2021-06-01', test_from: '2022-01-01', until: '2021-12-01' },
      {},
      'until',
      'expected a time after data.split.test_from (2022-01-01), received 2021-12-01',
    ],
    [
      { validation_from: '2021-06-01', test_from: '2022-01-01' },
      { start: '2021-07-01' },
      'validation_from',
      'expected a time after data.range.start (2021-07-01), received 2021-06-01',
    ],
    [
      { validation_from: '2021-06-01', test_from: '2022-01-01' },
      { end: '2021-12-31' },
      'test_from',
      'expected a time before data.range.end (2021-12-31), received 2022-01-01',
    ],
    [
      { until: '2022-01-02T00:00:01Z' },
      { end: '2022-01-01' },
      'until',
      'expected a time before data.range.end (2022-01-01), received 2022-01-02T00:00:01Z',
    ],
  ])('a split of %j in %j', (split, range, key, message) => {
    expect(issuesOf({ data: { split, range } })).toEqual([{ path: `data.split.${key}`, message }]);
  });

  test('instants of the split are read in data.timezone, and may end where the range does', () => {
    const split = { validation_from: '2021-06-01T04:00Z', test_from: '2021-06-01T00:30', until: '2022-01-02' };
    const issues = (timezone: string) => issuesOf({ data: { timezone, split, range: { end: '2022-01-01' } } });
    expect(issues('America/New_York')).toEqual([]);
    expect(issues('Europe/Berlin')).toMatchObject([{ path: 'data.split.test_from' }]);
  });

  test('names of the prototype are only names', () => {
    expect(issuesOf(JSON.parse('{"__proto__": {"polluted": 1}}'))).toHaveLength(1);
    expect(issuesOf({ constructor: {} })).toMatchObject([{ path: 'constructor' }]);
    expect(issuesOf({ loss: { weights: { constructor: 1 } } })).toMatchObject([{ path: 'loss.weights.constructor' }]);
    expect(compileConfig({ config: { targets: { tasks: { constructor: { kind: 'return' } } } } }).config?.loss).toEqual(
      {
        terms: { constructor: { kind: 'huber', delta: 1 } },
        weights: { constructor: 1 },
      },
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('fifty thousand levels of nesting are refused, not walked', () => {
    const deep: unknown = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000));
    expect(issuesOf({ data: { source: deep } })).toEqual([
      { path: '', message: 'expected at most 64 levels of nesting, received more' },
    ]);
  });

  test('never throws, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(fc.string()),
        (a, b, overrides) => {
          const { config, issues } = compileConfig({ config: a, cells: b, overrides });
          expect(config === null).toBe(issues.length > 0);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('never throws on a valid configuration with one foreign value', () => {
    const paths = leaves(toFile(defaultConfig()));
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => {
        const config = structuredClone(toFile(defaultConfig())) as never;
        set(config, path, value);
        const compiled = compileConfig({ config });
        expect(compiled.config === null).toBe(compiled.issues.length > 0);
      }),
      { numRuns: 1000 },
    );
  });

  test('requireConfig throws all issues under one code', () => {
    expect(() => requireConfig({ config: { train: { epochs: 0, seed: 0 } } })).toThrow(
      expect.objectContaining({
        code: 'invalid_config',
        message: 'train.epochs: expected a whole number from 1 to 10,000, received 0 (and 1 more)',
        issues: [expect.objectContaining({ path: 'train.epochs' }), expect.objectContaining({ path: 'train.seed' })],
      }),
    );
    expect(() => requireConfig({ overrides: ['train.epoch=1'] })).toThrow(AppError);
    expect(() => requireConfig({ overrides: ['train.epoch=1'] })).toThrow(
      expect.objectContaining({ code: 'invalid_override' }),
    );
  });
});

function leaves(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))];
}

function set(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const parent = path.slice(0, -1).reduce((map, key) => map[key] as Record<string, unknown>, root);
  if (path.length > 0) parent[path[path.length - 1]] = value;
}
