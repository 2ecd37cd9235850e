import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from './loss.ts';

/** Absolute error, |z − y|. */
export function mae(): Loss {
  return {
    tensor: (z, y) => tf.abs(tf.sub(z, y)),
    number: (z, y) => Math.abs(z - y),
  };
}
