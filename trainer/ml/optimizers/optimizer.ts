import type * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../models/model.ts';

/** One of an optimizer's arrays a parameter; all start at zero. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface Update {
  readonly weights: readonly tf.Tensor[];
  readonly slots: readonly tf.Tensor[];
  readonly grads: readonly tf.Tensor[];
  /** grad² of each, where the clipping has computed it already. */
  readonly squares: readonly tf.Tensor[];
  /** Factor that every gradient is to be multiplied with (gradient clipping), a scalar; 1 where nothing is clipped. */
  readonly scale: tf.Tensor;
  /** Number of this step, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * A pure update rule over lists in the fixed order of the model's parameters. Slots are owned and saved by the caller, so
 * a run can be resumed bit for bit; what depends on the step number is computed from it, never accumulated.
 */
export interface Optimizer {
  readonly slots: readonly Slot[];
  /** New weights and slots; call inside `tf.tidy`. */
  update(update: Update): { readonly weights: tf.Tensor[]; readonly slots: tf.Tensor[] };
}

/** Names of slots `<kind>/<parameter>`, kind by kind. */
export function slotsOf(parameters: readonly Parameter[], ...kinds: readonly string[]): Slot[] {
  return kinds.flatMap((kind) => parameters.map(({ name, shape }) => ({ name: `${kind}/${name}`, shape })));
}
