import { describe, expect, test } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { type Architecture, architectures, type ModelConfig, type Variant, variants } from '#core/config/model.ts';
import { estimate } from '#core/estimate/estimate.ts';
import { countFeatures } from '#core/estimate/feature-count.ts';
import { countParameters } from '#core/estimate/parameters.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { computeFeatures } from '#core/features/matrix.ts';
import { buildModel } from '#trainer/ml/models/build.ts';

const hour = 3_600_000;
const config = (...overrides: string[]) => requireConfig({ overrides }).config;
const shape = { features: 32, outputs: 8 };
const sized = (architecture: Architecture, variant: Variant, lookback: number): ModelConfig => ({
  architecture,
  variant,
  lookback,
  channels: 'mixing',
  dropout: 0.1,
});

describe('parameters', () => {
  test('are those of the table in DOMAIN 7, to its precision', () => {
    const of = (architecture: Architecture) =>
      variants.map((variant) => countParameters(sized(architecture, variant, 64), shape));
    const [base, medium, large] = of('tcn').map((count) => Math.round(count / 1000));
    expect([base, medium]).toEqual([31, 145]);
    expect(large).toBeGreaterThan(650);
    expect(of('gru').map((count) => Math.round(count / 1000))).toEqual([19, 162, 1012]);
    expect(of('lstm').map((count) => Math.round(count / 1000))).toEqual([25, 215, 1349]);
    const long = (architecture: Architecture, channels: ModelConfig['channels']) =>
      variants.map((variant, i) =>
        Math.round(countParameters({ ...sized(architecture, variant, 128 * 2 ** i), channels }, shape) / 1000),
      );
    expect(long('tsmixer', 'mixing')).toEqual([43, 299, 2240]);
    expect(long('patchtst', 'independent')).toEqual([22, 436, 2260]);
    expect(long('dlinear', 'mixing')[0]).toBe(8);
  });

  test.each(architectures.flatMap((architecture) => variants.map((variant) => [architecture, variant] as const)))(
    'of %s %s are those the model is built with',
    (architecture, variant) => {
      for (const [features, channels] of [
        [5, 'mixing'],
        [32, 'mixing'],
        [5, 'independent'],
      ] as const) {
        const model = { ...sized(architecture, variant, 48), channels };
        const built = buildModel(model, { lookback: 48, features, outputs: 2 });
        const sum = built.parameters.reduce(
          (total, parameter) => total + parameter.shape.reduce((a, b) => a * b, 1),
          0,
        );
        expect(countParameters(model, { features, outputs: 2 })).toBe(sum);
      }
    },
  );
});

describe('features', () => {
  test.each([
    [[]],
    [['features.calendar=null']],
    [
      [
        'features.timeframes={1h: {rsi: {}, macd: {}, bollinger: {}}, 4h: {rsi: {period: 7}}, 1d: {enabled: false, atr: {}}}',
      ],
    ],
  ])('count and warm-up are those computed on bars: %j', (overrides) => {
    const { features } = config(...overrides);
    const matrix = computeFeatures(sampleMarket({ seed: 1, bars: 3000, step: hour }), features);
    expect(countFeatures(features, hour)).toEqual({ features: matrix.names.length, warmup: matrix.warmup });
  });
});

describe('context and memory', () => {
  const input = { features: 20, baseStep: hour, warmup: 100 };

  test('context is the window, reach adds the warm-up', () => {
    expect(estimate(config('model.lookback=64'), input)).toMatchObject({
      contextBars: 64,
      contextMs: 64 * hour,
      reachMs: 164 * hour,
      notes: [],
    });
  });

  test('a TCN sees no further than its convolutions span', () => {
    const wide = estimate(config('model.architecture=tcn', 'model.lookback=256'), input);
    expect(wide).toMatchObject({ receptiveField: 125, contextBars: 125 });
    expect(wide.notes).toEqual(['The convolutions span 125 bars; the 131 oldest of the window are unused.']);
    const spans = variants.map(
      (variant) => estimate(config('model.architecture=tcn', `model=${variant}`), input).receptiveField,
    );
    expect(spans).toEqual([125, 253, 509]);
  });

  test('memory of the base MLP by hand: 16 P + 4 B A + 4 N F + 8 largest, times 1.3', () => {
    const features = 20;
    const parameters = 64 * features * 256 + 256 + (256 * 128 + 128) + (128 * 2 + 2);
    const activations = 64 * features + 3 * (256 + 128);
    const largest = 64 * features * 256;
    const bytes = 16 * parameters + 4 * 256 * activations + 4 * 40_000 * features + 8 * largest;
    const found = estimate(config(), { ...input, rows: 40_000 });
    expect(found.parameters).toBe(parameters);
    expect(found.bytes).toBe(Math.ceil(bytes * 1.3));
  });

  test('more parameters than samples, too few samples and a long GRU are remarked on', () => {
    const { notes } = estimate(config('model.architecture=gru', 'model.lookback=512'), {
      ...input,
      trainSamples: 1000,
    });
    expect(notes).toHaveLength(3);
  });

  test('channels of their own cost as many times the memory as there are features, and are remarked on', () => {
    const mixing = estimate(config('model.architecture=patchtst'), input);
    const independent = estimate(config('model.architecture=patchtst', 'model.channels=independent'), input);
    expect(mixing.notes).toEqual([]);
    expect(independent.notes).toEqual([expect.stringContaining('at 20 times the work and memory')]);
    expect(independent.parameters).toBeLessThan(mixing.parameters);
    expect(independent.bytes / mixing.bytes).toBeGreaterThan(10);
    const few = estimate(config('model.architecture=patchtst', 'model.channels=independent'), {
      ...input,
      features: 8,
    });
    expect(few.notes).toEqual([]);
  });

  test.each(['gru', 'lstm'])('a long %s and a TSMixer of one feature are remarked on', (architecture) => {
    const long = estimate(config(`model.architecture=${architecture}`, 'model.lookback=512'), input);
    expect(long.notes).toEqual([expect.stringContaining(`The ${architecture.toUpperCase()} takes 512 steps`)]);
    const narrow = estimate(config('model.architecture=tsmixer'), { ...input, features: 1 });
    expect(narrow.notes).toEqual([expect.stringContaining('normalises across features')]);
  });
});
