import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';

/** Flat buffers of P floats each; `decay` is 1 where weight decay applies, else 0; `scale` is a scalar. */
export interface AdamwInputs {
  readonly w: tf.Tensor1D;
  readonly m: tf.Tensor1D;
  readonly v: tf.Tensor1D;
  readonly g: tf.Tensor1D;
  readonly decay: tf.Tensor1D;
  readonly scale: tf.Tensor;
}

export interface AdamwAttrs {
  /** Learning rate with the corrections of both means: lr·√(1−β2ᵗ)/(1−β1ᵗ). */
  readonly rate: number;
  /** ε·√(1−β2ᵗ) */
  readonly epsilon: number;
  /** Learning rate · weight decay. */
  readonly shrink: number;
  readonly beta1: number;
  readonly beta2: number;
}

/**
 * One step of AdamW for all weights at once: new w, m, v.
 *
 *     g' = g·scale;  m' = β1·m + (1−β1)·g';  v' = β2·v + (1−β2)·g'²
 *     w' = w − shrink·decay·w − rate·m'/(√v' + ε)
 */
export function adamwStep(inputs: AdamwInputs, attrs: AdamwAttrs): [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D] {
  const fused = runFused('AlmanacAdamW', inputs, attrs);
  if (fused !== null) return fused as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  const { w, m, v, g, decay, scale } = inputs;
  const { rate, epsilon, shrink, beta1, beta2 } = attrs;
  return tf.tidy(() => {
    const grad = tf.mul(g, scale);
    const mean: tf.Tensor1D = tf.add(tf.mul(m, beta1), tf.mul(grad, 1 - beta1));
    const square: tf.Tensor1D = tf.add(tf.mul(v, beta2), tf.mul(tf.square(grad), 1 - beta2));
    const change = tf.div(tf.mul(mean, rate), tf.add(tf.sqrt(square), epsilon));
    const kept = shrink === 0 ? w : tf.sub(w, tf.mul(tf.mul(decay, shrink), w));
    return [tf.sub(kept, change), mean, square];
  });
}
