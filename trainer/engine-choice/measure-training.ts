import * as tf from '@tensorflow/tfjs-core';
import { requireConfig } from '#core/config/compile.ts';
import type { Architecture } from '#core/models/registry.ts';
import type { Variant } from '#core/models/variant.ts';
import { type Batch, disposeBatch } from '#trainer/ml/data/batches.ts';
import { joinArrays } from '#trainer/ml/data/flat.ts';
import { buildLosses } from '#trainer/ml/losses/build.ts';
import { buildModel, initialWeights } from '#trainer/ml/models/build.ts';
import { trainingDropout } from '#trainer/ml/models/dropout.ts';
import { countParameters } from '#trainer/ml/models/model.ts';
import { buildOptimizer } from '#trainer/ml/optimizers/build.ts';
import { disposeVariables, emptySlots, trainStep, type Variables } from '#trainer/ml/step.ts';

/** A model and the one seeded batch that it is trained on again and again. */
export interface TrainingJob {
  readonly model: Architecture;
  readonly variant: Variant;
  /** Windows of lookback × features in a batch. */
  readonly batch: number;
  readonly lookback: number;
  readonly features: number;
}

/** Training that goes on as long as it is asked to; whoever opened it closes it. */
interface Training {
  readonly parameters: number;
  /** One optimizer step; nothing is read back. */
  advance(): void;
  /** One optimizer step, read back; answers its total loss. */
  step(): Promise<number>;
  close(): void;
}

interface Throughput {
  readonly samplesPerSecond: number;
  readonly steps: number;
  readonly parameters: number;
  /** Total loss of the last step: says that the network did train. */
  readonly loss: number;
}

/**
 * Trains a model as a run does (both tasks, dropout, clipping, AdamW) on the engine that is open. Everything is seeded:
 * the losses are the same on every engine but for rounding.
 */
export function openTraining(job: TrainingJob): Training {
  const { config } = requireConfig({
    config: { model: { architecture: job.model, variant: job.variant, lookback: job.lookback } },
  });
  const tasks = Object.keys(config.targets.tasks).map((name) => ({ name }));
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
  const advance = (): tf.Tensor1D => {
    const dropout = trainingDropout(config.model.dropout, 1, steps++);
    const input = { variables, batch, dropout, step: steps, learningRate: 1e-3 };
    const next = trainStep(model, losses, optimizer, config.train.clip_norm, input);
    disposeVariables(variables);
    variables = next.variables;
    return next.report;
  };
  return {
    parameters: countParameters(model),
    advance: () => advance().dispose(),
    async step() {
      const report = advance();
      const [loss] = await report.data();
      report.dispose();
      return loss;
    },
    close() {
      disposeVariables(variables);
      optimizer.dispose();
      disposeBatch(batch);
    },
  };
}

/** Steps between two readings while speed is measured: a device that queues work cannot claim more than it did. */
const readEvery = 10;

/** Trains on for `seconds`, one step at least, and reads as seldom as a run does. */
export async function timeTraining(training: Training, batch: number, seconds: number): Promise<Throughput> {
  const start = performance.now();
  let steps = 0;
  let loss = Number.NaN;
  do {
    if (++steps % readEvery === 0) loss = await training.step();
    else training.advance();
  } while (performance.now() - start < 1000 * seconds);
  if (steps % readEvery !== 0) {
    loss = await training.step();
    steps++;
  }
  const elapsed = Math.max(performance.now() - start, 1e-3) / 1000;
  return { samplesPerSecond: (steps * batch) / elapsed, steps, parameters: training.parameters, loss };
}

/** Samples a second of a job on the engine that is open: `warmUp` steps that do not count, then for `seconds`. */
export async function measureThroughput(job: TrainingJob, seconds: number, warmUp = 3): Promise<Throughput> {
  const training = openTraining(job);
  try {
    for (let step = 0; step < warmUp; step++) await training.step();
    return await timeTraining(training, job.batch, seconds);
  } finally {
    training.close();
  }
}
