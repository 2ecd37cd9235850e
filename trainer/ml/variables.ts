import * as tf from '@tensorflow/tfjs-core';
import { cutArrays, joinArrays } from './data/flat.ts';
import type { Model } from './models/model.ts';
import type { Optimizer } from './optimizers/optimizer.ts';
import { emptySlots, type Variables } from './step.ts';
import type { NamedArray } from './data/named-array.ts';
import type { TrainingState } from './training-state.ts';

/** Weights and slots on the engine; slots of zero where there are none to go on from. The caller disposes them. */
export function openVariables(
  from: readonly NamedArray[],
  held: readonly NamedArray[] | undefined,
  optimizer: Optimizer,
): Variables {
  const weights = joinArrays(from);
  if (held === undefined) return { weights: tf.tensor1d(weights), slots: emptySlots(optimizer, weights.length) };
  const slots = joinArrays(held);
  const slot = (kind: number): Float32Array => slots.slice(kind * weights.length, (kind + 1) * weights.length);
  return {
    weights: tf.tensor1d(weights),
    slots: Array.from({ length: optimizer.kinds }, (_, kind) => tf.tensor1d(slot(kind))),
  };
}

/** Copies weights and slots to the host, each flat buffer in one reading. */
export async function readVariables(
  { weights, slots }: Variables,
  model: Model,
  optimizer: Optimizer,
): Promise<Pick<TrainingState, 'weights' | 'slots'>> {
  const count = model.parameters.length;
  const read = await Promise.all([weights, ...slots].map((flat) => flat.data<'float32'>()));
  return {
    weights: cutArrays(read[0], model.parameters),
    slots: read
      .slice(1)
      .flatMap((values, kind) => cutArrays(values, optimizer.slots.slice(kind * count, (kind + 1) * count))),
  };
}
