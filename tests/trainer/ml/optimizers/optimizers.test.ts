import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainConfig } from '#core/config/train.ts';
import type { Engine } from '#trainer/ml/engine/engine.ts';
import { openEngine } from '#trainer/ml/engine/open.ts';
import type { Parameter } from '#trainer/ml/models/model.ts';
import { buildOptimizer } from '#trainer/ml/optimizers/build.ts';
import { clipByGlobalNorm } from '#trainer/ml/optimizers/clip.ts';

const parameters: readonly Parameter[] = [
  { name: 'a/kernel', shape: [2], initializer: 'zeros', decay: true },
  { name: 'a/bias', shape: [1], initializer: 'zeros', decay: false },
];
const start = [[1, -2], [0.5]];
/** Gradient of ½·|w − target|², as numbers. */
const targets = [[3, 1], [-4]];

type Rule = (w: number, g: number, slots: number[], t: number, decay: boolean) => [number, number[]];

const rules: readonly [string, TrainConfig['optimizer'], Rule][] = [
  [
    'adamw',
    { kind: 'adamw', learning_rate: 0.1, weight_decay: 0.05, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 },
    (w, g, [m = 0, v = 0], t, decay) => {
      const m1 = 0.8 * m + 0.2 * g;
      const v1 = 0.95 * v + 0.05 * g * g;
      const change = m1 / (1 - 0.8 ** t) / (Math.sqrt(v1 / (1 - 0.95 ** t)) + 1e-3);
      return [w - 0.1 * (decay ? 0.05 : 0) * w - 0.1 * change, [m1, v1]];
    },
  ],
  [
    'sgd with momentum',
    { kind: 'sgd', learning_rate: 0.1, weight_decay: 0.05, momentum: 0.7 },
    (w, g, [u = 0], _t, decay) => {
      const u1 = 0.7 * u + g;
      return [w - 0.1 * (decay ? 0.05 : 0) * w - 0.1 * u1, [u1]];
    },
  ],
  ['plain sgd', { kind: 'sgd', learning_rate: 0.1, weight_decay: 0, momentum: 0 }, (w, g) => [w - 0.1 * g, []]],
];

describe('optimizers', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());

  it.each(rules)('%s follows its rule for 20 steps, clipping included', (_name, config, rule) => {
    const optimizer = buildOptimizer(config, parameters);
    const before = tf.memory().numTensors;
    let weights: tf.Tensor[] = start.map((values) => tf.tensor1d(values));
    let slots: tf.Tensor[] = optimizer.slots.map(({ shape }) => tf.zeros([...shape]));
    let expected = start.map((values) => [...values]);
    let memory: number[][][] = start.map((values) => values.map(() => []));
    for (let step = 1; step <= 20; step++) {
      const next = tf.tidy(() => {
        const grads = weights.map((weight, n) => tf.sub(weight, tf.tensor1d(targets[n])));
        const { squares, scale } = clipByGlobalNorm(grads, 2);
        return optimizer.update({ weights, slots, grads, squares, scale, step, learningRate: 0.1 });
      });
      tf.dispose([...weights, ...slots]);
      ({ weights, slots } = next);

      const grads = expected.map((values, n) => values.map((w, i) => w - targets[n][i]));
      const norm = Math.sqrt(grads.flat().reduce((sum, g) => sum + g * g, 0));
      const updated = expected.map((values, n) =>
        values.map((w, i) => rule(w, grads[n][i] * Math.min(1, 2 / norm), memory[n][i], step, parameters[n].decay)),
      );
      expected = updated.map((values) => values.map(([w]) => w));
      memory = updated.map((values) => values.map(([, kept]) => kept));
    }
    weights.forEach((weight, n) => weight.dataSync().forEach((w, i) => expect(w).toBeCloseTo(expected[n][i], 4)));
    tf.dispose([...weights, ...slots]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names its slots in a fixed order, none for plain sgd', () => {
    expect(rules.map(([, config]) => buildOptimizer(config, parameters).slots.map(({ name }) => name))).toEqual([
      ['m/a/kernel', 'm/a/bias', 'v/a/kernel', 'v/a/bias'],
      ['momentum/a/kernel', 'momentum/a/bias'],
      [],
    ]);
  });
});

describe('clipByGlobalNorm', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());

  it.each([
    [1, 0.2],
    [10, 1],
    [null, 1],
  ])('measures the norm of all gradients and scales to a limit of %s', (limit, expected) => {
    tf.tidy(() => {
      const { norm, scale } = clipByGlobalNorm([tf.tensor2d([[3]]), tf.tensor1d([0, 4])], limit);
      expect(norm.dataSync()[0]).toBeCloseTo(5, 6);
      expect(scale.dataSync()[0]).toBeCloseTo(expected, 6);
    });
  });

  it('leaves gradients of zero alone', () => {
    tf.tidy(() => {
      expect(clipByGlobalNorm([tf.zeros([3])], 1).scale.dataSync()[0]).toBe(1);
    });
  });
});
