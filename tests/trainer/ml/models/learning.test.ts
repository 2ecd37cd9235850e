import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { configOf } from '#tests/core/dataset/config.ts';
import { architectures } from '#core/models/registry.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { trainModel } from '#trainer/ml/train.ts';
import { record } from '../train/recording-hooks.ts';
import { tinyDataset } from '../train/tiny-dataset.ts';
import { everyOption } from './every-option.ts';

const lookback = 20;
const dataset = tinyDataset({ lookback, rows: 400, features: 3 });

const cases = architectures.flatMap((architecture) =>
  everyOption(architecture).map((options) => ({ architecture, ...options })),
);

it.each(cases)('%o lowers its loss on the train split, on the WASM engine', async (model) => {
  const engine = await openEngine('wasm');
  const before = tf.memory().numTensors;
  const config = configOf({
    model: { ...model, lookback, dropout: 0 },
    train: { epochs: 8, batch_size: 32, early_stopping: null, optimizer: { kind: 'adamw', learning_rate: 0.01 } },
  });
  const { hooks, metrics } = record();
  await trainModel({ dataset, config, hooks });
  const losses = metrics.flatMap(({ values }) => ('train.loss' in values ? [values['train.loss']] : []));
  expect(losses.length).toBeGreaterThan(1);
  expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]);
  expect(tf.memory().numTensors).toBe(before);
  engine.dispose();
});
