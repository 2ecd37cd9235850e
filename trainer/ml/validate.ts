import type * as tf from '@tensorflow/tfjs-core';
import type { Dataset } from '#core/dataset/dataset.ts';
import { scoreMetrics } from '#core/metrics/evaluate.ts';
import type { BatchSource } from './data/batches.ts';
import { type Between, runModel, scoreLosses, toTargetUnits } from './evaluate.ts';
import type { TaskLoss } from './losses/build.ts';
import type { Model } from './models/model.ts';

/** Counts: they tell nothing about an epoch and are with the results at the end. */
const notTracked = new Set(['n', 'n_eff', 'excluded']);

/**
 * Metrics of the validation split, under the names of events: `val.loss`, `val.rmse`, `val.da`, `val.<task>.loss`, …;
 * null where `between` asked to give up.
 */
export async function validate(
  model: Model,
  weights: readonly tf.Tensor[],
  batches: BatchSource,
  dataset: Dataset,
  losses: readonly TaskLoss[],
  between: Between,
): Promise<Record<string, number> | null> {
  const samples = dataset.samples.validation;
  const raw = await runModel(model, weights, batches, samples, between);
  if (raw === null) return null;
  const { total, tasks } = scoreLosses(raw, dataset, samples, losses);
  const values: Record<string, number> = { 'val.loss': total };
  if (losses.length > 1) losses.forEach(({ task }, k) => (values[`val.${task}.loss`] = tasks[k]));
  const scores = scoreMetrics({ dataset, split: 'validation', predictions: toTargetUnits(raw, dataset) });
  for (const [name, value] of Object.entries(scores)) {
    if (!notTracked.has(name.slice(name.indexOf('.') + 1))) values[`val.${name}`] = value;
  }
  return values;
}
