import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';

/**
 * Layer normalisation over the last axis (Ba, Kiros and Hinton 2016): γ·(x − mean)/√(var + ε) + β, var over n, for x
 * [..., n], γ and β [n].
 *
 * The gradient by hand, with x̂ the normalised x, r = 1/√(var + ε) and g = dy·γ:
 *
 *     dx = r·(g − mean(g) − x̂·mean(g·x̂))    dγ = Σ dy·x̂    dβ = Σ dy
 */
export function layerNorm<X extends tf.Tensor>(x: X, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon = 1e-5): X {
  const width = gamma.shape[0];
  const rows = x.size / width;
  const op = tf.customGrad<tf.Tensor>((...inputs) => {
    const [x, gamma, beta] = inputs as [tf.Tensor, tf.Tensor1D, tf.Tensor1D];
    const save = inputs[3] as tf.GradSaveFunc;
    const fused = runFused('AlmanacLayerNorm', { x, gamma, beta }, { epsilon });
    if (fused !== null) {
      const [y, ...kept] = fused;
      save([x, gamma, ...kept]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
        const [x, gamma, statistics, normal] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor | undefined];
        // Some engines keep the normalised x too.
        const inputs = { dy, x, gamma, statistics, ...(normal === undefined ? {} : { normal }) };
        return runFused('AlmanacLayerNormGrad', inputs) as tf.Tensor[];
      };
      return { value: y, gradFunc };
    }
    const flat = tf.reshape(x, [rows, width]);
    const centred = tf.sub(flat, tf.mean(flat, 1, true));
    const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), 1, true), tf.scalar(epsilon)));
    const normal = tf.mul(centred, scale);
    save([gamma, normal, scale]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [gamma, normal, scale] = saved as [tf.Tensor1D, tf.Tensor2D, tf.Tensor2D];
      const dFlat = tf.reshape(dy, [rows, width]);
      const dScaled = tf.mul(dFlat, normal);
      const g = tf.mul(dFlat, gamma);
      const along = tf.mul(normal, tf.mean(tf.mul(g, normal), 1, true));
      const dx = tf.mul(tf.sub(tf.sub(g, tf.mean(g, 1, true)), along), scale);
      return [tf.reshape(dx, dy.shape), tf.sum(dScaled, 0), tf.sum(dFlat, 0)];
    };
    return { value: tf.reshape(tf.add(tf.mul(normal, gamma), beta), x.shape), gradFunc };
  });
  return op(x, gamma, beta) as X;
}
