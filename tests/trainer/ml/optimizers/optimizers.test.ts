import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainConfig } from '#core/config/train.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import type { Parameter } from '#trainer/ml/models/model.ts';
import { buildOptimizer } from '#trainer/ml/optimizers/build.ts';
import { clipByGlobalNorm } from '#trainer/ml/optimizers/clip.ts';
import { disposeVariables, emptySlots } from '#trainer/ml/step.ts';

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

  it.each(rules)('%s follows its rule for 20 steps, clipping included', async (_name, config, rule) => {
    const before = tf.memory().numTensors;
    const optimizer = buildOptimizer(config, parameters);
    const target = tf.tensor1d(targets.flat());
    let weights = tf.tensor1d(start.flat());
    let slots = emptySlots(optimizer, 3);
    let expected = start.flat();
    let memory: number[][] = expected.map(() => []);
    const decays = [true, true, false];
    for (let step = 1; step <= 20; step++) {
      const next = tf.tidy(() => {
        const grad: tf.Tensor1D = tf.sub(weights, target);
        const { scale } = clipByGlobalNorm(grad, 2);
        return optimizer.update({ weights, slots, grad, scale, step, learningRate: 0.1 });
      });
      disposeVariables({ weights, slots });
      ({ weights, slots } = next);

      const grads = expected.map((w, i) => w - targets.flat()[i]);
      const norm = Math.sqrt(grads.reduce((sum, g) => sum + g * g, 0));
      const updated = expected.map((w, i) => rule(w, grads[i] * Math.min(1, 2 / norm), memory[i], step, decays[i]));
      expected = updated.map(([w]) => w);
      memory = updated.map(([, kept]) => kept);
    }
    (await weights.data()).forEach((w, i) => expect(w).toBeCloseTo(expected[i], 4));
    disposeVariables({ weights, slots });
    optimizer.dispose();
    target.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names its slots in a fixed order, none for plain sgd', () => {
    const names = rules.map(([, config]) => {
      const optimizer = buildOptimizer(config, parameters);
      optimizer.dispose();
      return optimizer.slots.map(({ name }) => name);
    });
    expect(names).toEqual([
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
      const { norm, scale } = clipByGlobalNorm(tf.tensor1d([3, 0, 4]), limit);
      expect(norm.dataSync()[0]).toBeCloseTo(5, 6);
      expect(scale.dataSync()[0]).toBeCloseTo(expected, 6);
    });
  });

  it('leaves gradients of zero alone', () => {
    tf.tidy(() => {
      expect(clipByGlobalNorm(tf.zeros([3]), 1).scale.dataSync()[0]).toBe(1);
    });
  });
});
