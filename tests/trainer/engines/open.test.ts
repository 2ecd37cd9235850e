import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '#trainer/engines/engine.ts';
import { findNativeAbsence } from '#trainer/engines/native/find.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { causalConv } from '#trainer/engines/ops/causal-conv.ts';
import { dense } from '#trainer/engines/ops/dense.ts';
import { noise, noiseTensor } from './compare-engines.ts';

let engine: Engine | undefined;
afterEach(() => {
  engine?.dispose();
  engine = undefined;
});

describe('openEngine', () => {
  it('opens wasm as the backend and says what it runs on', async () => {
    engine = await openEngine('wasm');
    expect(tf.getBackend()).toBe('wasm');
    expect(engine.name).toBe('wasm');
    expect(engine.device).toMatch(/^WASM SIMD, \d+ threads?$/);
    expect(engine.version).toBe('4.22.0');
  });

  it('opens wasm again after it was closed, with our kernels', async () => {
    for (let round = 0; round < 2; round++) {
      engine = await openEngine('wasm');
      const product = tf.tidy(() => dense(tf.ones([2, 100]), tf.ones([100, 3]), tf.ones([3]), {}));
      expect([...product.dataSync()]).toEqual(new Array(6).fill(101));
      product.dispose();
      engine.dispose();
      engine = undefined;
    }
  });

  it.skipIf(findNativeAbsence() === undefined)('refuses native where its library is not installed', async () => {
    await expect(openEngine('native')).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringMatching(/tfjs-node-gpu is not installed.*train\.engine/),
    });
  });

  it('throws out_of_memory before the wasm heap overflows, and goes on', async () => {
    engine = await openEngine('wasm');
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => tf.fill([30_000, 30_000], 1))).toThrow(/3500 MB.*batch_size/);
    const small = tf.ones([2, 2]);
    expect([...small.dataSync()]).toEqual([1, 1, 1, 1]);
    small.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

/** A small network that uses every kernel a model needs, as a function of its weights. */
function loss(x: tf.Tensor, weights: readonly tf.Tensor[]): tf.Scalar {
  const [kernel, filter, recurrent, head] = weights;
  const batch = x.shape[0] ?? 0;
  const steps = 6;
  const projected = tf.tanh(tf.matMul(tf.reshape(x, [batch * steps, 4]), kernel as tf.Tensor2D));
  const input = { values: tf.reshape(projected, [batch, steps * 6]) as tf.Tensor2D, steps, width: 6 };
  const attrs = { steps, stride: 1, relu: false, inputGradient: true } as const;
  const conv = tf.tanh(causalConv(input, filter as tf.Tensor3D, tf.zeros([6]), attrs).values);
  let h: tf.Tensor = tf.zeros([batch, 3]);
  for (const step of tf.unstack(tf.reshape(conv, [batch, steps, 6]), 1)) {
    const [gate, value] = tf.split(tf.add(step, tf.matMul(h as tf.Tensor2D, recurrent as tf.Tensor2D)), 2, 1);
    h = tf.add(tf.mul(tf.sigmoid(gate), h), tf.tanh(value));
  }
  const weightsOfSteps = tf.softmax(
    tf.matMul(
      tf.reshape(conv, [batch, steps, 6]) as tf.Tensor3D,
      tf.reshape(conv, [batch, steps, 6]) as tf.Tensor3D,
      false,
      true,
    ),
  );
  const both = tf.concat([h, tf.mean(weightsOfSteps, 1)], 1);
  return tf.mean(tf.square(tf.matMul(both as tf.Tensor2D, head as tf.Tensor2D))) as tf.Scalar;
}

const shapes = [
  [4, 6],
  [3, 6, 6],
  [3, 6],
  [9, 2],
];

describe('the wasm engine', () => {
  it('has gradients that agree with finite differences', async () => {
    engine = await openEngine('wasm');
    const before = tf.memory().numTensors;
    const step = 5e-3;
    for (let which = 0; which < shapes.length; which++) {
      const [slope, difference] = tf.tidy(() => {
        const x = noiseTensor<tf.Rank.R3>([5, 6, 4], 9);
        const weights = shapes.map((shape, index) => tf.tensor(noise(shape, index + 1), shape));
        const direction = tf.tensor(noise(shapes[which], 77), shapes[which]);
        const along = (distance: number) =>
          loss(
            x,
            weights.map((w, index) => (index === which ? tf.add(w, tf.mul(direction, tf.scalar(distance))) : w)),
          ).dataSync()[0];
        const gradients = tf.grads((...w) => loss(x, w))(weights);
        return [tf.sum(tf.mul(gradients[which], direction)).dataSync()[0], (along(step) - along(-step)) / (2 * step)];
      });
      expect(Math.abs(slope)).toBeGreaterThan(1e-3);
      expect(Math.abs(slope - difference) / Math.max(Math.abs(slope), 0.1)).toBeLessThan(5e-3);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives the same bits each time, whatever the heap held before', async () => {
    const train = async () => {
      engine = await openEngine('wasm');
      const x = noiseTensor<tf.Rank.R3>([16, 6, 4], 9);
      let weights = shapes.map((shape, index) => tf.tensor(noise(shape, index + 1), shape));
      for (let round = 0; round < 20; round++) {
        weights = tf.tidy(() => {
          const gradients = tf.grads((...w) => loss(x, w))(weights);
          return weights.map((w, index) => tf.sub(w, tf.mul(gradients[index], tf.scalar(0.1))));
        });
      }
      return weights.map((w) => w.dataSync());
    };
    const first = await train();
    // Left-over values in the heap must not matter: the second round starts in a used one.
    tf.tidy(() => tf.fill([1000, 1000], 123));
    const second = await train();
    engine?.dispose();
    const third = await train();
    expect(second).toEqual(first);
    expect(third).toEqual(first);
    expect(first.every((values) => values.every(Number.isFinite))).toBe(true);
  });
});
