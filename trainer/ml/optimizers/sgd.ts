import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../models/model.ts';
import { slotsOf, type Optimizer } from './optimizer.ts';

export interface SgdOptions {
  /** Decoupled decay of kernels (not biases), a factor of the learning rate. */
  readonly weight_decay: number;
  readonly momentum: number;
}

/**
 * Stochastic gradient descent with heavy-ball momentum and decoupled decay. Slot: `momentum/<parameter>`, none where
 * momentum is 0.
 *
 *     u ← momentum·u + g;  w ← w − lr·decay·w − lr·u
 */
export function sgd({ weight_decay, momentum }: SgdOptions, parameters: readonly Parameter[]): Optimizer {
  return {
    slots: momentum === 0 ? [] : slotsOf(parameters, 'momentum'),
    update({ weights, slots, grads, scale, learningRate }) {
      const rate = tf.scalar(learningRate);
      const shrink = tf.scalar(1 - learningRate * weight_decay);
      const keep = tf.scalar(momentum);
      const velocity = grads.map((grad, i) => {
        const clipped = tf.mul(grad, scale);
        return momentum === 0 ? clipped : tf.add(tf.mul(slots[i], keep), clipped);
      });
      const next = weights.map((weight, i) => {
        const decayed = parameters[i].decay && weight_decay > 0 ? tf.mul(weight, shrink) : weight;
        return tf.sub(decayed, tf.mul(velocity[i], rate));
      });
      return { weights: next, slots: momentum === 0 ? [] : velocity };
    },
  };
}
