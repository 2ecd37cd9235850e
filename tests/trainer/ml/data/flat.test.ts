import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutArrays, joinArrays, unflatten } from '#trainer/ml/data/flat.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';

const arrays = [
  { name: 'a/kernel', shape: [2, 2], data: Float32Array.from([1, 2, 3, 4]) },
  { name: 'a/bias', shape: [1], data: Float32Array.from([5]) },
  { name: 'b/kernel', shape: [1, 3], data: Float32Array.from([6, 7, 8]) },
];

describe('flat buffers', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());

  it('joins arrays end to end and cuts them apart again, without sharing memory', () => {
    const joined = joinArrays(arrays);
    expect([...joined]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const cut = cutArrays(joined, arrays);
    expect(cut).toEqual(arrays);
    cut[0].data[0] = 9;
    expect(joined[0]).toBe(1);
  });

  it('gives each array its shape on the engine, and brings the gradients back as one buffer', async () => {
    const before = tf.memory().numTensors;
    const flat = tf.tensor1d(joinArrays(arrays));
    const gradient = tf.tidy(() =>
      tf.grad((x) => {
        const [kernel, bias, other] = unflatten(x as tf.Tensor1D, arrays);
        expect([kernel.shape, bias.shape, other.shape]).toEqual([[2, 2], [1], [1, 3]]);
        return tf.addN([tf.sum(kernel), tf.mul(tf.sum(bias), 10), tf.mul(tf.sum(other), 100)]);
      })(flat),
    );
    expect(gradient.shape).toEqual([8]);
    expect([...(await gradient.data())]).toEqual([1, 1, 1, 1, 10, 100, 100, 100]);
    tf.dispose([flat, gradient]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
