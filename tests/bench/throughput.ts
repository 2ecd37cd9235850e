import * as tf from '@tensorflow/tfjs-core';
import { type Config, configSchema } from '#core/config/config.ts';
import type { Architecture, Variant } from '#core/config/model.ts';
import { type Batch, disposeBatch } from '#trainer/ml/data/batches.ts';
import { joinArrays } from '#trainer/ml/data/flat.ts';
import { buildLosses } from '#trainer/ml/losses/build.ts';
import { buildModel, initialWeights } from '#trainer/ml/models/build.ts';
import { trainingDropout } from '#trainer/ml/models/dropout.ts';
import { countParameters } from '#trainer/ml/models/model.ts';
import { buildOptimizer } from '#trainer/ml/optimizers/build.ts';
import { disposeVariables, emptySlots, trainStep, type Variables } from '#trainer/ml/step.ts';

export interface Job {
  readonly model: Architecture;
  readonly variant: Variant;
  /** Windows of lookback × features in a batch. */
  readonly batch: number;
  readonly lookback: number;
  readonly features: number;
  /** How long to train, after three steps to warm up. */
  readonly seconds: number;
}

export interface Throughput {
  readonly samplesPerSecond: number;
  readonly steps: number;
  readonly parameters: number;
  /** Total loss of the last step: says that the network did train. */
  readonly loss: number;
}

const tasks = [
  { name: 'ret', kind: 'return' },
  { name: 'dir', kind: 'direction' },
] as const;

/** Trains a model as a run does (both tasks, dropout, clipping, AdamW) on one seeded batch, on the engine that is open. */
export async function measureThroughput(job: Job): Promise<Throughput> {
  const config = configSchema.parse({
    model: { architecture: job.model, variant: job.variant, lookback: job.lookback },
  }) as Config;
  const model = buildModel(config.model, { lookback: job.lookback, features: job.features, outputs: tasks.length });
  const losses = buildLosses(config.loss, tasks);
  const optimizer = buildOptimizer(config.train.optimizer, model.parameters);
  const { batch: size, lookback, features } = job;
  const returns = tf.randomNormal<tf.Rank.R1>([size], 0, 1, 'float32', 8);
  const batch: Batch = {
    x: tf.randomNormal<tf.Rank.R3>([size, lookback, features], 0, 1, 'float32', 7),
    y: [returns, tf.tidy(() => tf.cast(tf.greater(returns, 0), 'float32')) as tf.Tensor1D],
    mask: [null, null],
  };
  const flat = joinArrays(initialWeights(model, 1));
  let variables: Variables = { weights: tf.tensor1d(flat), slots: emptySlots(optimizer, flat.length) };
  let steps = 0;
  let loss = Number.NaN;
  const step = async () => {
    const dropout = trainingDropout(config.model.dropout, 1, steps++);
    const input = { variables, batch, dropout, step: steps, learningRate: 1e-3 };
    const next = trainStep(model, losses, optimizer, config.train.clip_norm, input);
    disposeVariables(variables);
    variables = next.variables;
    // Read every step: a device that queues work cannot claim more than it did.
    loss = (await next.report.data())[0];
    next.report.dispose();
  };
  for (let warmUp = 0; warmUp < 3; warmUp++) await step();
  const before = steps;
  const start = performance.now();
  while (performance.now() - start < 1000 * job.seconds) await step();
  const elapsed = (performance.now() - start) / 1000;
  disposeVariables(variables);
  optimizer.dispose();
  disposeBatch(batch);
  const measured = steps - before;
  return { samplesPerSecond: (measured * size) / elapsed, steps: measured, parameters: countParameters(model), loss };
}
