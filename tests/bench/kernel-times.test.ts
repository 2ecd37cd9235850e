import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEngine } from '#trainer/engines/open.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { timeKernels } from './kernel-times.ts';

let engine: Engine;
beforeAll(async () => void (engine = await openEngine('cpu')));
afterAll(() => engine.dispose());

it('counts the calls of each kernel until it is stopped, and leaves results and tensors as they are', () => {
  const before = tf.memory().numTensors;
  const times = timeKernels();
  const sum = tf.tidy(() => tf.sum(tf.add(tf.add(tf.ones([4]), 1), 1)).dataSync()[0]);
  expect(sum).toBe(12);
  const uses = times.clear();
  expect(uses.get('Add')?.calls).toBe(2);
  expect(uses.get('Sum')?.calls).toBe(1);
  expect(uses.get('Add')?.ms).toBeGreaterThanOrEqual(0);
  expect(times.clear().size).toBe(0);
  times.stop();
  tf.tidy(() => tf.add(tf.ones([4]), 1).dataSync());
  expect(times.clear().size).toBe(0);
  expect(tf.memory().numTensors).toBe(before);
});
