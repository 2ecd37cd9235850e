import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { attention } from '#trainer/engines/ops/attention.ts';
import { gelu } from '#trainer/engines/ops/gelu.ts';
import { layerNorm } from '#trainer/engines/ops/layer-norm.ts';
import { lstmLayer } from '#trainer/engines/ops/lstm-layer.ts';
import { expectSame } from './compare-gradients.ts';

function plainAttention(q: tf.Tensor, k: tf.Tensor, v: tf.Tensor, heads: number): tf.Tensor {
  const columns = q.shape[2]! / heads;
  const parts = Array.from({ length: heads }, (_, head) => {
    const [a, b, c] = [q, k, v].map((x) => tf.slice(x, [0, 0, head * columns], [-1, -1, columns]));
    return tf.matMul(tf.softmax(tf.div(tf.matMul(a, b, false, true), Math.sqrt(columns))), c);
  });
  return tf.concat(parts, 2);
}

function plainLstm(x: tf.Tensor, kernel: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const [steps, batch, features] = x.shape as [number, number, number];
  let h = tf.zeros([batch, recurrent.shape[0]]);
  let c = h;
  const states: tf.Tensor[] = [];
  for (let t = 0; t < steps; t++) {
    const now = tf.reshape(tf.slice(x, [t, 0, 0], [1, batch, features]), [batch, features]);
    const sum = tf.add(tf.add(tf.matMul(now, kernel), tf.matMul(h, recurrent)), bias);
    const [i, f, g, o] = tf.split(sum, 4, 1);
    c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
    states.push(h);
  }
  return tf.stack(states);
}

describe.each(['cpu', 'wasm'] as const)('operations with their own gradient, on %s,', (name) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine(name);
  });
  afterAll(() => engine.dispose());

  it.each([[[7, 5]], [[2, 3, 4]], [[3, 1]]])('layerNorm is that of plain operations, at %j', (shape) => {
    const width = shape.at(-1)!;
    const plain = (x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor => {
      const { mean, variance } = tf.moments(x, -1, true);
      return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-5))), gamma), beta);
    };
    expectSame(
      (x, gamma, beta) => layerNorm(x, gamma as tf.Tensor1D, beta as tf.Tensor1D),
      plain,
      [shape, [width], [width]],
      1e-5,
    );
  });

  it('gelu is x·(1 + erf(x/√2))/2', () => {
    const plain = (x: tf.Tensor): tf.Tensor => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
    expectSame(gelu, plain, [[3, 4, 5]]);
    const known = tf.tidy(() => gelu(tf.tensor1d([-3, -1, 0, 1, 3])).dataSync());
    [-0.00404951, -0.15865525, 0, 0.84134475, 2.99595049].forEach((value, i) => expect(known[i]).toBeCloseTo(value, 6));
  });

  it.each([
    [[2, 5, 6], 3],
    [[3, 1, 4], 1],
    [[1, 7, 8], 8],
  ])('attention is that of each head by itself, at %j with %d heads', (shape, heads) => {
    const own = (...[q, k, v]: tf.Tensor[]): tf.Tensor =>
      attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, heads);
    expectSame(own, (q, k, v) => plainAttention(q, k, v, heads), [shape, shape, shape]);
  });

  it.each([
    [6, 3, 2, 4],
    [1, 2, 3, 1],
  ])('an LSTM layer of %d steps is that of one step after another', (steps, batch, features, units) => {
    const own = (...[x, kernel, recurrent, bias]: tf.Tensor[]): tf.Tensor =>
      lstmLayer(x as tf.Tensor3D, kernel as tf.Tensor2D, recurrent as tf.Tensor2D, bias as tf.Tensor1D, {
        inputGradient: true,
      });
    const shapes = [[steps, batch, features], [features, 4 * units], [units, 4 * units], [4 * units]]; // prettier-ignore
    expectSame(own, plainLstm, shapes, 5e-6);
  });
});
