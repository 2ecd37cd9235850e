import type * as tf from '@tensorflow/tfjs-core';
import { dropoutWith } from '#trainer/engines/ops/dropout.ts';
import { openDraw } from '#trainer/engines/random/mask.ts';

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
  return (x, layer, maskShape) => dropoutWith(x, { ...openDraw(seed, step, layer, rate), maskShape });
}
