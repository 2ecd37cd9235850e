import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';

/**
 * Gaussian error linear unit (Hendrycks and Gimpel 2016), exact: x·Φ(x) with Φ(x) = (1 + erf(x/√2))/2. Its derivative is
 * Φ(x) + x·φ(x), φ the normal density.
 */
export function gelu<X extends tf.Tensor>(x: X): X {
  const op = tf.customGrad<tf.Tensor>((...inputs) => {
    const x = inputs[0] as tf.Tensor;
    const save = inputs[1] as tf.GradSaveFunc;
    const fused = runFused('AlmanacGelu', { x });
    if (fused !== null) {
      save([x]);
      const gradFunc = (dy: tf.Tensor, [x]: tf.Tensor[]) => (runFused('AlmanacGeluGrad', { dy, x }) as [tf.Tensor])[0];
      return { value: fused[0], gradFunc };
    }
    const half = tf.scalar(0.5);
    const below = tf.add(tf.mul(tf.erf(tf.mul(x, tf.scalar(Math.SQRT1_2))), half), half);
    save([x, below]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [x, below] = saved;
      const density = tf.mul(tf.exp(tf.mul(tf.square(x), tf.scalar(-0.5))), tf.scalar(1 / Math.sqrt(2 * Math.PI)));
      return tf.mul(dy, tf.add(below, tf.mul(x, density)));
    };
    return { value: tf.mul(x, below), gradFunc };
  });
  return op(x) as X;
}
