import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { architectures } from '#core/models/registry.ts';
import { openTraining } from '#trainer/engine-choice/measure-training.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { threadCount } from '#trainer/engines/wasm/thread-pool.ts';

/** Losses of three steps with so many threads. */
async function losses(model: (typeof architectures)[number], threads: number): Promise<number[]> {
  process.env['ALMANAC_THREADS'] = String(threads);
  const engine = await openEngine('wasm');
  expect(engine.device).toContain(`${threads} thread`);
  const before = tf.memory().numTensors;
  const training = openTraining({ model, variant: 'base', batch: 96, lookback: 40, features: 6 });
  const result = [await training.step(), await training.step(), await training.step()];
  training.close();
  expect(tf.memory().numTensors).toBe(before);
  engine.dispose();
  return result;
}

it.each(architectures)('%s gives the same bits with one thread and with three', async (model) => {
  const alone = await losses(model, 1);
  expect(alone.every(Number.isFinite)).toBe(true);
  expect(await losses(model, 3)).toEqual(alone);
});

it.each([
  ['3', 3],
  ['0', 'cores'],
  ['many', 'cores'],
  [undefined, 'cores'],
] as const)('ALMANAC_THREADS=%s means %s', (setting, expected) => {
  if (expected === 'cores') {
    delete process.env['ALMANAC_THREADS'];
    expect(threadCount(setting)).toBe(threadCount(undefined));
    expect(threadCount(undefined)).toBeGreaterThanOrEqual(1);
  } else expect(threadCount(setting)).toBe(expected);
});
