import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from './data/batches.ts';
import { unflatten } from './data/flat.ts';
import type { TaskLoss } from './losses/build.ts';
import type { Dropout } from './models/dropout.ts';
import type { Model } from './models/model.ts';
import { clipByGlobalNorm } from './optimizers/clip.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { StepTimes } from './step-times.ts';

/** What training changes, on the engine: flat buffers of all parameters end to end. The owner disposes them. */
export interface Variables {
  readonly weights: tf.Tensor1D;
  /** One buffer a kind of the optimizer's slots. */
  readonly slots: readonly tf.Tensor1D[];
}

/** Zeros for the slots of an optimizer over `count` weights. */
export function emptySlots(optimizer: Pick<Optimizer, 'kinds'>, count: number): tf.Tensor1D[] {
  return Array.from({ length: optimizer.kinds }, () => tf.zeros([count]));
}

export function disposeVariables({ weights, slots }: Variables): void {
  tf.dispose([weights, ...slots]);
}

interface StepInput {
  readonly variables: Variables;
  readonly batch: Batch;
  readonly dropout: Dropout;
  /** Number of the step, from 1. */
  readonly step: number;
  readonly learningRate: number;
  /** Counts where the time goes. */
  readonly times?: StepTimes;
}

interface StepOutput {
  readonly variables: Variables;
  /** [2 + tasks]: total loss, norm of the gradient before clipping, loss of each task. */
  readonly report: tf.Tensor1D;
}

/** Mean loss of each task, where labels exist, as scalars. */
function taskLosses(outputs: tf.Tensor2D, batch: Batch, losses: readonly TaskLoss[]): tf.Scalar[] {
  const size = outputs.shape[0];
  return losses.map(({ loss }, k) => {
    const z = tf.reshape(tf.slice(outputs, [0, k], [size, 1]), [size]) as tf.Tensor1D;
    const each = loss.tensor(z, batch.y[k]);
    const mask = batch.mask[k];
    if (mask === null) return tf.mean(each);
    return tf.div(tf.sum(tf.mul(each, mask)), tf.maximum(tf.sum(mask), tf.scalar(1)));
  });
}

/**
 * One optimizer step: forward, backward, clip, update. Nothing is read back and the variables given are left alone; the
 * new ones and the report are the caller's.
 */
export function trainStep(
  model: Model,
  losses: readonly TaskLoss[],
  optimizer: Optimizer,
  clipNorm: number | null,
  { variables, batch, dropout, step, learningRate, times = new StepTimes(() => 0) }: StepInput,
): StepOutput {
  return tf.tidy(() => {
    let parts: tf.Tensor1D | undefined;
    const total = (flat: tf.Tensor): tf.Scalar =>
      times.measure('forward', () => {
        const weights = unflatten(flat as tf.Tensor1D, model.parameters);
        const means = taskLosses(model.forward(weights, batch.x, dropout), batch, losses);
        // The tape disposes what is not its result; the parts are wanted for the report too.
        parts = tf.keep(tf.stack(means) as tf.Tensor1D);
        return tf.addN(means.map((mean, k) => tf.mul(mean, tf.scalar(losses[k].weight)))) as tf.Scalar;
      });
    const { value, grad } = times.measure('backward', () => tf.valueAndGrad(total)(variables.weights));
    return times.measure('update', () => {
      const { norm, scale } = clipByGlobalNorm(grad as tf.Tensor1D, clipNorm);
      const next = optimizer.update({ ...variables, grad: grad as tf.Tensor1D, scale, step, learningRate });
      const own = parts as unknown as tf.Tensor1D;
      const report = tf.concat([tf.reshape(value, [1]), tf.reshape(norm, [1]), own], 0) as tf.Tensor1D;
      own.dispose();
      return { variables: next, report };
    });
  });
}
