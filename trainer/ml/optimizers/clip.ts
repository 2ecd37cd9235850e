import * as tf from '@tensorflow/tfjs-core';

export interface Clipping {
  /** Euclidean norm of all gradients together, before clipping; a scalar. */
  readonly norm: tf.Tensor;
  /** Factor that brings the norm down to `limit`, 1 where it is below; a scalar. */
  readonly scale: tf.Tensor;
  /** grad² of each, for optimizers that need it too. */
  readonly squares: readonly tf.Tensor[];
}

/** Clipping by global norm (Pascanu 2013); `limit` null leaves gradients alone but still measures them. */
export function clipByGlobalNorm(grads: readonly tf.Tensor[], limit: number | null): Clipping {
  const squares = grads.map((grad) => tf.square(grad));
  const norm = tf.sqrt(tf.addN(squares.map((square) => tf.sum(tf.reshape(square, [-1])))));
  const scale = limit === null ? tf.scalar(1) : tf.div(tf.scalar(limit), tf.maximum(norm, tf.scalar(limit)));
  return { norm, scale, squares };
}
