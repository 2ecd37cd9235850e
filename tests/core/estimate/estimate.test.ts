import { describe, expect, test } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import type { ModelConfig } from '#core/config/model.ts';
import { type Architecture, architectures } from '#core/models/registry.ts';
import { type Variant, variants } from '#core/models/variant.ts';
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
  test('are those of MODELS.md#parameters, by hand', () => {
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
    expect(long('tsmixer', 'mixing')).toEqual([107, 493, 2890]);
    expect(long('patchtst', 'independent')).toEqual([149, 1452, 6323]);
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

  const mlp = { parameters: 64 * 20 * 256 + 256 + (256 * 128 + 128) + (128 * 2 + 2), rows: 40_000, features: 20 };

  test('memory of the base MLP by hand: features, 8 P and a batch of what a step holds', () => {
    const held = 2 * 64 * mlp.features + 5 * (256 + 128);
    const floats = mlp.rows * mlp.features + 8 * mlp.parameters + 256 * held;
    const found = estimate(config(), { ...input, rows: mlp.rows });
    expect(found.parameters).toBe(mlp.parameters);
    expect(found.bytes).toBe(Math.ceil(4 * 1.1 * floats));
  });

  test('a small batch saves nothing below what scoring a split takes, in batches of 256', () => {
    const linear = ['model.architecture=dlinear', 'model.lookback=512'];
    const of = (size: number) => estimate(config(...linear, `train.batch_size=${size}`), input).bytes;
    expect(of(8)).toBe(of(1));
    expect(of(1024)).toBeGreaterThan(3.9 * of(8));
  });

  /**
   * Most bytes taken at once on the wasm engine, of 1000 bars with 18 features in batches of 256, windows of 64 bars, or of 24
   * with gru and lstm; the same numbers at every run, for what is allocated depends on shapes alone.
   */
  const peaks = [
    ['dlinear', 'base', 'mixing', 10_863_960],
    ['dlinear', 'large', 'mixing', 12_839_016],
    ['dlinear', 'medium', 'mixing', 11_518_184],
    ['gru', 'base', 'mixing', 16_782_508],
    ['gru', 'large', 'mixing', 228_096_428],
    ['gru', 'medium', 'mixing', 70_441_900],
    ['lstm', 'base', 'mixing', 20_321_708],
    ['lstm', 'large', 'mixing', 277_751_212],
    ['lstm', 'medium', 'mixing', 85_370_284],
    ['mlp', 'base', 'mixing', 13_829_044],
    ['mlp', 'large', 'mixing', 67_601_852],
    ['mlp', 'medium', 'mixing', 28_631_996],
    ['nlinear', 'base', 'mixing', 5_113_132],
    ['nlinear', 'large', 'mixing', 8_907_692],
    ['nlinear', 'medium', 'mixing', 6_356_140],
    ['patchtst', 'base', 'independent', 340_764_204],
    ['patchtst', 'base', 'mixing', 29_471_276],
    ['patchtst', 'large', 'mixing', 349_532_596],
    ['patchtst', 'medium', 'independent', 1_936_935_852],
    ['patchtst', 'medium', 'mixing', 128_299_444],
    ['tcn', 'base', 'mixing', 40_804_148],
    ['tcn', 'large', 'mixing', 173_482_932],
    ['tcn', 'medium', 'mixing', 82_290_356],
    ['tsmixer', 'base', 'mixing', 98_447_632],
    ['tsmixer', 'large', 'mixing', 872_747_384],
    ['tsmixer', 'medium', 'mixing', 272_340_376],
  ] as const;

  test.each(peaks)('of %s %s, channels %s, is that measured, to a third', (architecture, variant, channels, peak) => {
    const lookback = architecture === 'gru' || architecture === 'lstm' ? 24 : 64;
    const { bytes } = estimate(
      config(...Object.entries({ architecture, variant, channels, lookback }).map(([key, v]) => `model.${key}=${v}`)),
      { ...input, features: 18, rows: 1000 },
    );
    expect(peak / bytes).toBeGreaterThan(0.67);
    expect(peak / bytes).toBeLessThan(1.1);
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
    expect(independent.bytes / mixing.bytes).toBeGreaterThan(10);
    const few = estimate(config('model.architecture=patchtst', 'model.channels=independent'), {
      ...input,
      features: 8,
    });
    expect(few.notes).toEqual([]);
  });

  test.each(['gru', 'lstm'])('a long %s is remarked on', (architecture) => {
    const long = estimate(config(`model.architecture=${architecture}`, 'model.lookback=512'), input);
    expect(long.notes).toEqual([expect.stringContaining(`The ${architecture.toUpperCase()} takes 512 steps`)]);
  });
});
