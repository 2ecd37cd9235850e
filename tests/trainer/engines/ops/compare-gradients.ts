import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { openStream, uniform } from '#trainer/engines/random/random.ts';

/** Numbers in −1 … 1, other ones for each `n`. */
export function numbers(n: number, shape: readonly number[]): tf.Tensor {
  const stream = openStream(8, 'init', n);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => 2 * uniform(stream, i) - 1),
    [...shape],
  );
}

/**
 * An operation with a gradient of its own must put out what plain operations do, have the gradient that the tape
 * finds for these in every input, and leave no tensor behind. `tolerance` is relative to the largest value.
 */
export function expectSame(
  own: (...inputs: tf.Tensor[]) => tf.Tensor,
  plain: (...inputs: tf.Tensor[]) => tf.Tensor,
  shapes: readonly (readonly number[])[],
  tolerance = 2e-6,
): void {
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const inputs = shapes.map((shape, n) => numbers(n, shape));
    const [value, expected] = [own(...inputs), plain(...inputs)];
    expect(value.shape).toEqual(expected.shape);
    const dy = numbers(99, value.shape);
    const ours = [value, ...tf.grads(own)(inputs, dy)];
    const theirs = [expected, ...tf.grads(plain)(inputs, dy)];
    ours.forEach((tensor, n) => {
      const what = n === 0 ? 'value' : `gradient of input ${n}`;
      const [a, b] = [tensor.dataSync<'float32'>(), theirs[n].dataSync<'float32'>()];
      expect(tensor.shape, what).toEqual(theirs[n].shape);
      const largest = b.reduce((max, one) => Math.max(max, Math.abs(one)), 1);
      const worst = a.reduce((max, one, i) => Math.max(max, Math.abs(one - b[i])), 0);
      expect(worst, what).toBeLessThan(tolerance * largest);
    });
  });
  expect(tf.memory().numTensors).toBe(before);
}
