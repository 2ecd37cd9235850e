import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ModelConfig, modelSchema } from '#core/config/model.ts';
import { type Architecture, modelOf } from '#core/models/registry.ts';
import { variants } from '#core/models/variant.ts';
import { countParameters as estimateParameters } from '#core/estimate/parameters.ts';
import { exportTopology, joinArrays } from '#trainer/ml/checkpoint/topology.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { toTensors } from '#trainer/ml/data/named-array.ts';
import { buildModel, initialWeights } from '#trainer/ml/models/build.ts';
import { noDropout, trainingDropout } from '#trainer/ml/models/dropout.ts';
import { countParameters, type Model, type ModelShape } from '#trainer/ml/models/model.ts';
import { bits, openStream, uniform } from '#trainer/engines/random/random.ts';
import type { NamedArray } from '#trainer/ml/data/named-array.ts';
import { loadExported } from '#tests/support/load-exported.ts';
import { everyOption } from './every-option.ts';

/** Windows of values in −1 … 1. */
export function randomWindows(batch: number, { lookback, features }: ModelShape): tf.Tensor3D {
  const stream = openStream(3, 'init', batch);
  const values = Float32Array.from({ length: batch * lookback * features }, (_, i) => 2 * uniform(stream, i) - 1);
  return tf.tensor3d(values, [batch, lookback, features]);
}

/** Starting weights with everything that starts as a constant off it, so that a forgotten bias or gain shows. */
export function liveWeights(model: Model): NamedArray[] {
  const stream = openStream(4, 'init');
  return initialWeights(model, 1).map((array, n) =>
    /\/(bias|gamma|beta)$/.test(array.name)
      ? { ...array, data: array.data.map((value, i) => value + uniform(stream, 1000 * n + i) - 0.5) }
      : array,
  );
}

/** What sets a model apart from the others. */
export interface Peculiarities {
  /** Where its gradient is compared with finite differences, if not at every shape. */
  readonly gradientsAt?: readonly ModelShape[];
  /** It has no dropout. */
  readonly dropsNothing?: boolean;
  /** Names of parameters that cannot change the output, whatever they are. */
  readonly idle?: RegExp;
}

/** What every model must do; `options` are those of its own, `shapes` lookbacks and widths at which its arithmetic differs. */
export function describeModel(
  architecture: Architecture,
  options: Readonly<Record<string, string>>,
  shapes: readonly ModelShape[],
  { dropsNothing = false, gradientsAt = shapes, idle }: Peculiarities = {},
): void {
  const config = ({ lookback }: ModelShape, variant: ModelConfig['variant'] = 'base'): ModelConfig =>
    modelSchema.parse({ architecture, variant, lookback, dropout: 0.3, ...options });

  describe(`${[architecture, ...Object.values(options)].join(' ')} conforms`, () => {
    let engine: Engine;
    let tensors = 0;
    beforeAll(async () => {
      engine = await openEngine('cpu');
      tensors = tf.memory().numTensors;
    });
    afterAll(() => {
      expect(tf.memory().numTensors).toBe(tensors);
      engine.dispose();
    });

    it.each(variants)('has as many parameters as the estimate says (%s)', (variant) => {
      for (const shape of shapes) {
        const model = buildModel(config(shape, variant), shape);
        expect(countParameters(model)).toBe(estimateParameters(config(shape, variant), shape));
        expect(new Set(model.parameters.map(({ name }) => name)).size).toBe(model.parameters.length);
      }
    });

    it('names the settings that shape its weights, and no others', () => {
      const weights = (lookback: number, own: Readonly<Record<string, string>> = options) => {
        const model = modelSchema.parse({ architecture, lookback, dropout: 0.3, ...own });
        const { parameters } = buildModel(model, { lookback, features: 4, outputs: 2 });
        return JSON.stringify(parameters.map(({ name, shape }) => [name, shape]));
      };
      const before = weights(24);
      const shaping = everyOption(architecture)
        .filter((other) => weights(24, other) !== before)
        .flatMap((other) => [...Object.keys(other), ...Object.keys(options)]);
      if (weights(72) !== before) shaping.push('lookback');
      expect([...new Set(shaping)].sort()).toEqual([...modelOf(architecture).shapedBy].sort());
    });

    it.each(shapes)('computes what the exported model computes in plain TensorFlow.js, at %o', async (shape) => {
      const model = buildModel(config(shape), shape);
      const weights = liveWeights(model);
      const topology = await exportTopology(model, weights);
      const bytes = Buffer.concat([joinArrays(weights), topology.constants]);
      const exported = await loadExported(topology, bytes);
      tf.tidy(() => {
        const x = randomWindows(5, shape);
        const ours = model.forward(toTensors(weights), x, noDropout);
        const theirs = exported.predict(x) as tf.Tensor2D;
        expect(theirs.shape).toEqual([5, shape.outputs]);
        expect(ours.shape).toEqual([5, shape.outputs]);
        const [a, b] = [ours.dataSync(), theirs.dataSync()];
        a.forEach((value, i) =>
          expect(Math.abs(value - b[i]), `output ${i}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(value))),
        );
        expect(Math.max(...a) - Math.min(...a)).toBeGreaterThan(1e-3);
      });
      exported.dispose();
    });

    it('tells its features apart', () => {
      const shape = shapes[0];
      const model = buildModel(config(shape), shape);
      tf.tidy(() => {
        const weights = toTensors(liveWeights(model));
        const x = randomWindows(5, shape);
        const outputs = (order: readonly number[]) =>
          model.forward(weights, tf.gather(x, [...order], 2), noDropout).dataSync();
        const order = Array.from({ length: shape.features }, (_, i) => i);
        const before = outputs(order);
        for (const i of order.slice(1)) {
          const after = outputs(order.with(i, i - 1).with(i - 1, i));
          const moved = Math.max(...before.map((value, k) => Math.abs(value - after[k])));
          expect(moved, `features ${i - 1} and ${i} in each other's place`).toBeGreaterThan(1e-3);
        }
      });
    });

    it('starts from weights that the seed decides', () => {
      const model = buildModel(config(shapes[0]), shapes[0]);
      const flat = (seed: number): number[] => initialWeights(model, seed).flatMap(({ data }) => [...data]);
      expect(flat(1)).toEqual(flat(1));
      expect(flat(1)).not.toEqual(flat(2));
      expect(flat(1).every(Number.isFinite)).toBe(true);
    });

    it('drops units by (seed, step) alone, and keeps the mean', () => {
      const shape = shapes[0];
      const model = buildModel(config(shape), shape);
      tf.tidy(() => {
        const weights = toTensors(liveWeights(model));
        const x = randomWindows(64, shape);
        const run = (rate: number, seed: number, step: number): number[] => [
          ...model.forward(weights, x, trainingDropout(rate, seed, step)).dataSync(),
        ];
        expect(run(0.3, 1, 5)).toEqual(run(0.3, 1, 5));
        expect(run(0, 1, 5)).toEqual([...model.forward(weights, x, noDropout).dataSync()]);
        if (dropsNothing) {
          expect(run(0.3, 1, 5)).toEqual(run(0, 1, 5));
          return;
        }
        expect(run(0.3, 1, 5)).not.toEqual(run(0.3, 1, 6));
        expect(run(0.3, 1, 5)).not.toEqual(run(0.3, 2, 5));
      });
    });

    it.each(gradientsAt)('has the gradient that finite differences give, dropout on, at %o', (shape) => {
      const model = buildModel(config(shape), shape);
      tf.tidy(() => {
        const arrays = liveWeights(model);
        const x = randomWindows(3, shape);
        const direction = tf.tensor2d([0.7, -1.1, 0.6, 1.3, -0.6, 0.9].slice(0, 3 * shape.outputs), [3, shape.outputs]);
        const loss = (...weights: tf.Tensor[]): tf.Scalar =>
          tf.sum(tf.mul(model.forward(weights, x, trainingDropout(0.3, 1, 2)), direction));
        const { grads } = tf.valueAndGrads(loss)(toTensors(arrays));
        arrays.forEach(({ name, data, shape: size }, n) => {
          const gradient = grads[n].dataSync<'float32'>();
          expect(grads[n].shape, name).toEqual(size);
          const norm = Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0));
          if (idle?.test(name)) expect(norm, name).toBeLessThan(1e-4);
          else expect(norm, name).toBeGreaterThan(1e-4);
          // Short where the slope is steep: fewer units change sides, and the difference still stands out.
          const usual = 0.02 / Math.max(20, norm);
          const slope = (direction: Float32Array, distance: number): number => {
            const at = (far: number): number => {
              const moved = data.map((w, i) => w + far * direction[i]);
              return loss(...toTensors(arrays.with(n, { name, shape: size, data: moved }))).dataSync()[0];
            };
            return (at(distance) - at(-distance)) / (2 * distance);
          };
          // Along the gradient differences are largest against the rounding of float32; along a random direction no wrong
          // component can hide. A ReLU that changes side between the two points costs a little, and seldom does at a third of it.
          const signs = openStream(5, 'init', n);
          const random = Float32Array.from(
            data,
            (_, i) => (bits(signs, i) % 2 === 0 ? 1 : -1) / Math.sqrt(data.length),
          );
          for (const along of [Float32Array.from(gradient, (g) => g / norm), random]) {
            const expected = gradient.reduce((sum, g, i) => sum + g * along[i], 0);
            const isNear = (found: number): boolean => Math.abs(found - expected) < 0.01 * norm + 1e-3;
            const found = slope(along, usual);
            const nearer = isNear(found) ? found : slope(along, usual / 3);
            expect(isNear(nearer), `${name}: ${found}, nearer ${nearer} for ${expected}`).toBe(true);
          }
        });
      });
    });
  });
}
