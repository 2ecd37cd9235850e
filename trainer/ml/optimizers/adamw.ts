import * as tf from '@tensorflow/tfjs-core';
import type { Parameter } from '../models/model.ts';
import { slotsOf, type Optimizer } from './optimizer.ts';

export interface AdamwOptions {
  /** Decoupled decay of kernels (not biases), a factor of the learning rate. */
  readonly weight_decay: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019). Slots: `m/<parameter>`, `v/<parameter>`.
 *
 *     m ← β1·m + (1−β1)·g;  v ← β2·v + (1−β2)·g²
 *     w ← w − lr·decay·w − lr · (m/(1−β1ᵗ)) / (√(v/(1−β2ᵗ)) + ε)
 *
 * The corrections are moved into two scalars (rate' = lr·√(1−β2ᵗ)/(1−β1ᵗ), ε' = ε·√(1−β2ᵗ)): fewer passes over the weights.
 */
export function adamw(options: AdamwOptions, parameters: readonly Parameter[]): Optimizer {
  const { weight_decay, beta1, beta2, epsilon } = options;
  const count = parameters.length;
  return {
    slots: slotsOf(parameters, 'm', 'v'),
    update({ weights, slots, grads, squares, scale, step, learningRate }) {
      const correction = Math.sqrt(1 - beta2 ** step);
      const rate = tf.scalar((learningRate * correction) / (1 - beta1 ** step));
      const small = tf.scalar(epsilon * correction);
      const shrink = tf.scalar(1 - learningRate * weight_decay);
      const keepM = tf.scalar(beta1);
      const keepV = tf.scalar(beta2);
      const takeM = tf.mul(scale, tf.scalar(1 - beta1));
      const takeV = tf.mul(tf.square(scale), tf.scalar(1 - beta2));
      const m = grads.map((grad, i) => tf.add(tf.mul(slots[i], keepM), tf.mul(grad, takeM)));
      const v = squares.map((square, i) => tf.add(tf.mul(slots[count + i], keepV), tf.mul(square, takeV)));
      const next = weights.map((weight, i) => {
        const change = tf.div(tf.mul(m[i], rate), tf.add(tf.sqrt(v[i]), small));
        const decayed = parameters[i].decay && weight_decay > 0 ? tf.mul(weight, shrink) : weight;
        return tf.sub(decayed, change);
      });
      return { weights: next, slots: [...m, ...v] };
    },
  };
}
