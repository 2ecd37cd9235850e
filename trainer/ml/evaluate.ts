import * as tf from '@tensorflow/tfjs-core';
import type { Dataset, SplitName } from '#core/dataset/dataset.ts';
import { evaluationBatch } from '#core/estimate/limits.ts';
import { targetOf } from '#core/targets/registry.ts';
import { openBatches, type BatchSource } from './data/batches.ts';
import { requireSameArrays, toTensors } from './data/named-array.ts';
import type { TaskLoss } from './losses/build.ts';
import { noDropout } from './models/dropout.ts';
import type { Model } from './models/model.ts';
import type { NamedArray } from './data/named-array.ts';

/** Called between two batches: gives timers and signals their turn; true asks to give the work up. */
export type Between = () => Promise<boolean>;

/**
 * Raw outputs of the model for every sample of a split, one array a task in the order of the samples; null where
 * `between` asked to give up. The last batch is filled up to full size and its surplus ignored: engines that keep
 * buffers by shape then see one shape only.
 */
export async function runModel(
  model: Model,
  weights: readonly tf.Tensor[],
  batches: BatchSource,
  samples: Int32Array,
  between: Between,
): Promise<Float64Array[] | null> {
  const outputs = model.shape.outputs;
  const result = Array.from({ length: outputs }, () => new Float64Array(samples.length));
  const size = Math.min(evaluationBatch, samples.length);
  for (let start = 0; start < samples.length; start += size) {
    if (start > 0 && (await between())) return null;
    const raw = tf.tidy(() => model.forward(weights, batches.windows(samples, start, size), noDropout));
    const values = await raw.data();
    raw.dispose();
    const count = Math.min(size, samples.length - start);
    for (let b = 0; b < count; b++) {
      for (let k = 0; k < outputs; k++) result[k][start + b] = values[b * outputs + k];
    }
  }
  return result;
}

/** Raw outputs to target units: returns de-standardised to log returns, logits to the probability of a rise. */
export function toTargetUnits(raw: readonly Float64Array[], dataset: Dataset): Float64Array[] {
  return dataset.tasks.map((task, k) => targetOf(task.kind).scale.toUnits(raw[k], task));
}

/** Mean loss of each task over the samples that have its label, in float64, and their weighted total. */
export function scoreLosses(
  raw: readonly Float64Array[],
  dataset: Dataset,
  samples: Int32Array,
  losses: readonly TaskLoss[],
): { readonly total: number; readonly tasks: readonly number[] } {
  const tasks = losses.map(({ loss }, k) => {
    const task = dataset.tasks[k];
    let sum = 0;
    let count = 0;
    samples.forEach((row, i) => {
      if (Number.isNaN(task.raw[row])) return;
      sum += loss.number(raw[k][i], task.labels[row]);
      count++;
    });
    return sum / Math.max(1, count);
  });
  return { total: tasks.reduce((sum, loss, k) => sum + losses[k].weight * loss, 0), tasks };
}

/**
 * Predictions of a model for every sample of a split, one array a task (order of `dataset.tasks`, then of
 * `dataset.samples[split]`), in target units: log return, or probability of a rise. Null where `between` asked to give up.
 */
export async function predict(
  model: Model,
  weights: readonly NamedArray[],
  dataset: Dataset,
  split: SplitName,
  between: Between,
): Promise<Float64Array[] | null> {
  requireSameArrays('weights', weights, model.parameters);
  const tensors = toTensors(weights);
  const batches = openBatches(dataset);
  try {
    const raw = await runModel(model, tensors, batches, dataset.samples[split], between);
    return raw && toTargetUnits(raw, dataset);
  } finally {
    tf.dispose(tensors);
    batches.dispose();
  }
}
