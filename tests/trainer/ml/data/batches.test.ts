import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tinyDataset } from '#tests/trainer/ml/train/tiny-dataset.ts';
import { disposeBatch, openBatches } from '#trainer/ml/data/batches.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';

describe('openBatches', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());
  const dataset = tinyDataset({ unlabelled: 40 });
  const order = Int32Array.from([40, 7, 100]);

  it('gathers the window that ends at each row, its labels, and what is missing', () => {
    const before = tf.memory().numTensors;
    const source = openBatches(dataset);
    const batch = source.gather(order, 0, 2);
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
    source.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has no mask where every sample has its labels', () => {
    const source = openBatches(tinyDataset());
    const batch = source.gather(order, 0, 2);
    expect(batch.mask).toEqual([null, null]);
    disposeBatch(batch);
    source.dispose();
  });

  it('repeats the last sample to fill a batch', () => {
    tf.tidy(() => {
      const source = openBatches(dataset);
      const values = source.windows(order, 2, 3).arraySync();
      source.dispose();
      expect(values[1]).toEqual(values[0]);
      expect(values[2]).toEqual(values[0]);
    });
  });
});
