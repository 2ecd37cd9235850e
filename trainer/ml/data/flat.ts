import * as tf from '@tensorflow/tfjs-core';
import type { NamedArray } from './named-array.ts';

interface Shaped {
  readonly name: string;
  readonly shape: readonly number[];
}

const sizeOf = ({ shape }: Shaped): number => shape.reduce((a, b) => a * b, 1);

/** Arrays end to end, in one buffer. */
export function joinArrays(arrays: readonly NamedArray[]): Float32Array {
  const joined = new Float32Array(arrays.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of arrays) {
    joined.set(data, at);
    at += data.length;
  }
  return joined;
}

/** The arrays that lie end to end in `values`; each is a copy. */
export function cutArrays(values: Float32Array, places: readonly Shaped[]): NamedArray[] {
  let at = 0;
  return places.map((place) => {
    const data = values.slice(at, at + sizeOf(place));
    at += data.length;
    return { name: place.name, shape: [...place.shape], data };
  });
}

/**
 * The tensors that lie end to end in `flat`, in their shapes. One split, whose gradient is one concatenation: gradients of
 * all weights come as one buffer, and what an optimizer does to them is a handful of kernels for the whole model.
 */
export function unflatten(flat: tf.Tensor1D, places: readonly Shaped[]): tf.Tensor[] {
  return tf.split(flat, places.map(sizeOf)).map((part, i) => tf.reshape(part, [...places[i].shape]));
}
