import type * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../models/model.ts';

/** One of an optimizer's arrays a parameter; all start at zero. */
interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
}

/** All flat: the values of all parameters end to end, in their order. */
interface Update {
  readonly weights: tf.Tensor1D;
  /** One buffer a kind of slot. */
  readonly slots: readonly tf.Tensor1D[];
  readonly grad: tf.Tensor1D;
  /** Factor that every gradient is to be multiplied with (gradient clipping), a scalar; 1 where nothing is clipped. */
  readonly scale: tf.Tensor;
  /** Number of this step, from 1. */
  readonly step: number;
  readonly learningRate: number;
}

/**
 * An update rule over flat buffers. Slots are owned and saved by the caller, so a run can be resumed bit for bit; what
 * depends on the step number is computed from it, never accumulated.
 */
export interface Optimizer {
  /** Names and shapes of all slots, kind by kind; a kind has as many values as there are weights. */
  readonly slots: readonly Slot[];
  /** Kinds of slots: the number of flat buffers. */
  readonly kinds: number;
  /** New weights and slots; call inside `tf.tidy`. */
  update(update: Update): { readonly weights: tf.Tensor1D; readonly slots: tf.Tensor1D[] };
  /** Frees what the rule keeps on the engine. */
  dispose(): void;
}

/** Names of slots `<kind>/<parameter>`, kind by kind. */
export function slotsOf(parameters: readonly Parameter[], ...kinds: readonly string[]): Slot[] {
  return kinds.flatMap((kind) => parameters.map(({ name, shape }) => ({ name: `${kind}/${name}`, shape })));
}
