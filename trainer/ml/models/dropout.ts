import * as tf from '@tensorflow/tfjs-core';
import { dropoutMask } from '../random/mask.ts';

/**
 * How a model drops units: `layer` numbers the places of a model from 0, `maskShape` broadcasts against `x` (a 1 shares
 * one draw along that axis). Returns `x` itself where nothing is dropped.
 */
export type Dropout = <X extends tf.Tensor>(x: X, layer: number, maskShape: readonly number[]) => X;

/** For prediction: drops nothing. */
export const noDropout: Dropout = (x) => x;

/** For training step `step` (from 0) of a run with `seed`; `rate` in [0, 1). */
export function trainingDropout(rate: number, seed: number, step: number): Dropout {
  if (rate === 0) return noDropout;
  return <X extends tf.Tensor>(x: X, layer: number, maskShape: readonly number[]): X => {
    const size = maskShape.reduce((a, b) => a * b, 1);
    return tf.mul(x, tf.tensor(dropoutMask(seed, step, layer, rate, size), [...maskShape]));
  };
}
