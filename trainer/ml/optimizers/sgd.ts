import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerOptions } from '#core/optimizers/registry.ts';
import type { Parameter } from '../models/model.ts';
import { decayMask } from './decay-mask.ts';
import { slotsOf, type Optimizer } from './optimizer.ts';

/**
 * Stochastic gradient descent with heavy-ball momentum and decoupled decay. Slot: `momentum/<parameter>`, none where
 * momentum is 0.
 *
 *     u ← momentum·u + g;  w ← w − lr·decay·w − lr·u
 */
export function buildSgd(
  { weight_decay, momentum }: OptimizerOptions<'sgd'>,
  parameters: readonly Parameter[],
): Optimizer {
  const decay = decayMask(parameters);
  return {
    slots: momentum === 0 ? [] : slotsOf(parameters, 'momentum'),
    kinds: momentum === 0 ? 0 : 1,
    update({ weights, slots, grad, scale, learningRate }) {
      const clipped: tf.Tensor1D = tf.mul(grad, scale);
      const velocity: tf.Tensor1D = momentum === 0 ? clipped : tf.add(tf.mul(slots[0], momentum), clipped);
      const shrink = learningRate * weight_decay;
      const kept = shrink === 0 ? weights : tf.sub(weights, tf.mul(tf.mul(decay, shrink), weights));
      const next: tf.Tensor1D = tf.sub(kept, tf.mul(velocity, learningRate));
      return { weights: next, slots: momentum === 0 ? [] : [velocity] };
    },
    dispose: () => decay.dispose(),
  };
}
