import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from './loss.ts';

/** Squared error, (z − y)². */
export function mse(): Loss {
  return {
    tensor: (z, y) => tf.square(tf.sub(z, y)),
    number: (z, y) => (z - y) ** 2,
  };
}
