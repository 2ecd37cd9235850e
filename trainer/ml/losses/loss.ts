import type * as tf from '@tensorflow/tfjs-core';

/**
 * A loss of one task, element by element: `z` is the model's raw output (standardised return, or logit), `y` the label.
 * Both forms are the same function: on tensors for training, on numbers (float64) for scoring whole splits exactly.
 */
export interface Loss {
  tensor(z: tf.Tensor1D, y: tf.Tensor1D): tf.Tensor1D;
  number(z: number, y: number): number;
}
