import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDataset } from '#tests/trainer/ml/train/tiny-dataset.ts';
import { disposeBatch, openBatches } from '#trainer/ml/data/batches.ts';
import { toNamedArrays, toTensors } from '#trainer/ml/data/named-array.ts';
import type { Engine } from '#trainer/ml/engine/engine.ts';
import { openEngine } from '#trainer/ml/engine/open.ts';

describe('openBatches', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());
  const dataset = tinyDataset({ unlabelled: 40 });
  const order = Int32Array.from([40, 7, 100]);

  it('gathers the window that ends at each row, its labels, and what is missing', () => {
    const before = tf.memory().numTensors;
    const batch = openBatches(dataset).gather(order, 0, 2);
    const values = batch.x.arraySync();
    expect(batch.x.shape).toEqual([2, 8, 3]);
    [40, 7].forEach((row, b) => {
      for (let step = 0; step < 8; step++) {
        const from = (row - 7 + step) * 3;
        expect(values[b][step]).toEqual([...dataset.features.subarray(from, from + 3)]);
      }
      dataset.tasks.forEach((task, k) => expect(batch.y[k].arraySync()[b]).toBe(task.labels[row]));
    });
    expect(batch.mask.map((mask) => mask?.arraySync())).toEqual([
      [0, 1],
      [0, 1],
    ]);
    disposeBatch(batch);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has no mask where every sample has its labels', () => {
    const batch = openBatches(tinyDataset()).gather(order, 0, 2);
    expect(batch.mask).toEqual([null, null]);
    disposeBatch(batch);
  });

  it('repeats the last sample to fill a batch', () => {
    tf.tidy(() => {
      const values = openBatches(dataset).windows(order, 2, 3).arraySync();
      expect(values[1]).toEqual(values[0]);
      expect(values[2]).toEqual(values[0]);
    });
  });

  it('copies arrays to the engine and back without sharing memory', async () => {
    const arrays = [{ name: 'w', shape: [2, 2], data: Float32Array.from([1, 2, 3, 4]) }];
    const tensors = toTensors(arrays);
    const copies = await toNamedArrays(tensors, arrays);
    expect(copies).toEqual(arrays);
    copies[0].data[0] = 9;
    expect((await tensors[0].data())[0]).toBe(1);
    tf.dispose(tensors);
  });
});
