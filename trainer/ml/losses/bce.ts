import * as tf from '@tensorflow/tfjs-core';
import type { LossTerm } from '#core/losses/registry.ts';
import type { Loss } from './loss.ts';

/**
 * Binary cross-entropy of a logit, stable for any z; labels 0/1 are moved towards ½ by `smoothing`:
 *
 *     y' = y·(1 − smoothing) + smoothing/2;  loss = softplus(z) − z·y'
 */
export function bce({ label_smoothing: smoothing }: LossTerm<'bce'>): Loss {
  return {
    tensor(z, y) {
      const smooth = smoothing === 0 ? y : tf.add(tf.mul(y, tf.scalar(1 - smoothing)), tf.scalar(smoothing / 2));
      return tf.sub(tf.softplus(z), tf.mul(z, smooth));
    },
    number(z, y) {
      const smooth = y * (1 - smoothing) + smoothing / 2;
      return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - z * smooth;
    },
  };
}
