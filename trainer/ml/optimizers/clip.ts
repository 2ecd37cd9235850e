import * as tf from '@tensorflow/tfjs-core';

interface Clipping {
  /** Euclidean norm of all gradients together, before clipping; a scalar. */
  readonly norm: tf.Tensor;
  /** Factor that brings the norm down to `limit`, 1 where it is below; a scalar. */
  readonly scale: tf.Tensor;
}

/** Clipping by global norm (Pascanu 2013) of a flat gradient; `limit` null leaves it alone but still measures it. */
export function clipByGlobalNorm(grad: tf.Tensor1D, limit: number | null): Clipping {
  const norm = tf.sqrt(tf.sum(tf.square(grad)));
  const scale = limit === null ? tf.scalar(1) : tf.div(tf.scalar(limit), tf.maximum(norm, tf.scalar(limit)));
  return { norm, scale };
}
