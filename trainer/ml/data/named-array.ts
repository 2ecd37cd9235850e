import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '#core/error.ts';

/** A named tensor's values in host memory. */
export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Uploads arrays; the caller disposes the tensors. */
export function toTensors(arrays: readonly NamedArray[]): tf.Tensor[] {
  return arrays.map(({ data, shape }) => tf.tensor(data, [...shape], 'float32'));
}

/** Throws `checkpoint_damaged` unless `arrays` has exactly these names and shapes, in this order. */
export function requireSameArrays(
  what: string,
  arrays: readonly NamedArray[],
  expected: readonly { readonly name: string; readonly shape: readonly number[] }[],
): void {
  const describe = (items: readonly { readonly name: string; readonly shape: readonly number[] }[]): string[] =>
    items.map(({ name, shape }) => `${name} [${shape.join(', ')}]`);
  const [received, wanted] = [describe(arrays), describe(expected)];
  const count = Math.max(received.length, wanted.length);
  for (let i = 0; i < count; i++) {
    if (received[i] === wanted[i]) continue;
    throw new AppError(
      'checkpoint_damaged',
      `The ${what} of the checkpoint do not fit this model: expected ${wanted[i] ?? 'no further one'} at place ${i + 1}, ` +
        `received ${received[i] ?? 'none'}. Start from a checkpoint of a run with the same features, targets and model.`,
    );
  }
}
