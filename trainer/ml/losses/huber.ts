import * as tf from '@tensorflow/tfjs-core';
import type { LossTerm } from '#core/losses/registry.ts';
import type { Loss } from './loss.ts';

/**
 * Squared near zero, linear beyond `delta` (in units of the standardised label):
 *
 *     e = |z − y|;  loss = e²/2 if e ≤ delta else delta·(e − delta/2)
 *
 * Written with q = min(e, delta) as q²/2 + delta·(e − q), which has no branch.
 */
export function huber({ delta }: LossTerm<'huber'>): Loss {
  return {
    tensor(z, y) {
      const error = tf.abs(tf.sub(z, y));
      const near = tf.minimum(error, tf.scalar(delta));
      return tf.add(tf.mul(tf.square(near), tf.scalar(0.5)), tf.mul(tf.sub(error, near), tf.scalar(delta)));
    },
    number(z, y) {
      const error = Math.abs(z - y);
      return error <= delta ? error ** 2 / 2 : delta * (error - delta / 2);
    },
  };
}
