import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../models/model.ts';

/** [P]: 1 where weight decay applies, else 0, for parameters end to end. The caller disposes it. */
export function decayMask(parameters: readonly Parameter[]): tf.Tensor1D {
  const sizes = parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const mask = new Float32Array(sizes.reduce((a, b) => a + b, 0));
  let at = 0;
  parameters.forEach(({ decay }, i) => {
    if (decay) mask.fill(1, at, at + sizes[i]);
    at += sizes[i];
  });
  return tf.keep(tf.tensor1d(mask));
}
