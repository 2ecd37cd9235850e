import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import type { Config } from '#core/config/config.ts';
import { toFile } from '#core/config/config-file.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { diffConfigs } from '#core/config/diff.ts';
import { isMap } from '#core/config/document.ts';
import { parseYaml, writeYaml } from '#core/config/yaml.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { stepsReading } from '#core/steps/step-keys.ts';
import { stepAncestors, stepSettings } from '#core/steps/step-settings.ts';

const steps = ['data', 'features', 'targets', 'samples', 'model', 'loss', 'train'] as const;
const textOf = (config: Config) =>
  Object.fromEntries(steps.map((step) => [step, canonicalJson(stepSettings(step, config))]));
const read = (yaml: string) => requireConfig({ config: parseYaml(yaml).value as Record<string, unknown> }).config;

/** Values for dotted keys of which any mix is a valid configuration. */
const choices = {
  'data.timezone': fc.constantFrom('UTC', 'Europe/Berlin'),
  'data.outliers': fc.constantFrom('note', 'drop', 'clip'),
  'data.gaps.policy': fc.constantFrom('break', 'fill', 'ignore'),
  'data.gaps.max_fill': fc.integer({ min: 0, max: 50 }),
  'data.range.start': fc.constantFrom(null, '2018-01-05'),
  'data.split.embargo': fc.integer({ min: 0, max: 20 }),
  'data.split.sealed': fc.boolean(),
  'features.scaler': fc.constantFrom('standard', 'robust'),
  'features.timeframes.1h.rsi.period': fc.integer({ min: 2, max: 40 }),
  'features.timeframes.4h.log_return.period': fc.integer({ min: 1, max: 9 }),
  'features.calendar.day_of_week': fc.boolean(),
  'targets.horizon': fc.integer({ min: 1, max: 30 }),
  'model.lookback': fc.integer({ min: 8, max: 64 }),
  'model.variant': fc.constantFrom('base', 'medium', 'large'),
  'model.dropout': fc.constantFrom(0, 0.1, 0.5),
  'loss.weights.ret': fc.constantFrom(0.5, 1, 2),
  'train.epochs': fc.integer({ min: 1, max: 50 }),
  'train.seed': fc.integer({ min: 1, max: 99 }),
} as const satisfies Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** A document as a person may write it: of these keys some, the others left to their defaults. */
const written = fc.record(choices, { requiredKeys: [] }).map((flat) => {
  const document: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(flat)) {
    const path = key.split('.');
    let at = document;
    for (const name of path.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    at[path[path.length - 1]] = value;
  }
  return document;
});

/** The same document with the keys of every map in another order. */
function reversed(value: unknown): unknown {
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

describe('the settings of a step', () => {
  it('are equal however a configuration is written: order of keys, comments, defaults spelled out', () => {
    fc.assert(
      fc.property(written, (document) => {
        const config = requireConfig({ config: document }).config;

        expect(textOf(requireConfig({ config: reversed(document) as Record<string, unknown> }).config)).toEqual(
          textOf(config),
        );
        const whole = writeYaml(toFile(config));
        expect(textOf(read(whole))).toEqual(textOf(config));
        expect(textOf(read(`# a comment\n${whole.replaceAll('\n', ' # said\n')}`))).toEqual(textOf(config));
      }),
      { numRuns: 60 },
    );
  });

  it('are others exactly in the steps that read a key that has another value', () => {
    fc.assert(
      fc.property(written, written, (a, b) => {
        const [one, two] = [a, b].map((document) => requireConfig({ config: document }).config);
        const changed = Object.keys(diffConfigs(toFile(one), toFile(two)));
        const [before, after] = [textOf(one), textOf(two)];
        const reading = new Set(changed.flatMap(stepsReading));
        for (const step of steps) {
          // A time zone or a horizon may come to the same in a step that reads it.
          if (before[step] !== after[step]) expect(reading).toContain(step);
        }
        for (const key of changed) {
          if (['data.timezone', 'data.split.sealed'].includes(key)) continue;
          expect(stepsReading(key).some((step) => before[step] !== after[step])).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  const settings = (step: (typeof steps)[number], config: Record<string, unknown>) =>
    canonicalJson(stepSettings(step, configOf(config)));

  it('know what comes to the same', () => {
    const same = (step: (typeof steps)[number], a: Record<string, unknown>, b: Record<string, unknown>) =>
      expect(settings(step, a)).toBe(settings(step, b));
    const rsi = { rsi: { period: 14 } };
    same('features', { features: { timeframes: { '60m': rsi } } }, { features: { timeframes: { '1h': rsi } } });
    same(
      'features',
      { features: { timeframes: { '1h': rsi } } },
      { features: { timeframes: { '4h': { enabled: false, ...rsi }, '1h': { enabled: true, rsi: {} } } } },
    );
    same(
      'features',
      { features: { calendar: null } },
      { features: { calendar: { time_of_day: false, day_of_week: false } } },
    );
    same('features', { data: { split: { train: 0.6, validation: 0.2, test: 0.2 } } }, {});
    same('data', { data: { split: { train: 0.6, validation: 0.2, test: 0.2 } } }, {});
    same(
      'data',
      { data: { source: 'sample://market' } },
      { data: { source: 'sample://market?step=60m', bar_label: 'close' } },
    );
    same('targets', { data: { split: { purge: 12 } } }, {});
    const given = { validation_from: '2018-06-01', test_from: '2018-08-01' };
    same(
      'targets',
      { data: { split: given } },
      { data: { split: { ...given, train: 0.5, validation: 0.25, test: 0.25 } } },
    );
    same('model', { model: { architecture: 'mlp' } }, { model: { architecture: 'mlp', channels: 'independent' } });
  });

  it('tell the order of tasks, which is that of the outputs, and two names of one timeframe', () => {
    const [ret, dir] = [{ kind: 'return' }, { kind: 'direction' }];
    expect(settings('targets', { targets: { tasks: { ret, dir } } })).not.toBe(
      settings('targets', { targets: { tasks: { dir, ret } } }),
    );
    const twice = { features: { timeframes: { '1h': { rsi: {} }, '60m': { rsi: {} } } } };
    expect(settings('features', twice)).not.toBe(
      settings('features', { features: { timeframes: { '1h': { rsi: {} } } } }),
    );
  });

  it('are worked out in the order of the steps', () => {
    for (const [k, step] of steps.entries())
      expect(steps.slice(0, k)).toEqual(expect.arrayContaining([...stepAncestors(step)]));
    expect(stepAncestors('samples')).toEqual(['data', 'features', 'targets']);
    expect(stepAncestors('data')).toEqual([]);
  });
});
