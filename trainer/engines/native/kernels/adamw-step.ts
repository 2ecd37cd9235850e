import * as tf from '@tensorflow/tfjs-core';
import type { AdamwAttrs, AdamwInputs } from '#trainer/engines/ops/adamw-step.ts';
import { defineKernel, op } from './define.ts';

type Infos = { readonly [Name in keyof AdamwInputs]: tf.TensorInfo };

/** The optimizer's step for all weights: what needs no pass over them is worked out on scalars before. */
export const adamw = defineKernel<Infos, AdamwAttrs>('AlmanacAdamW', ({ inputs, attrs, backend }) => {
  const { w, m, v, g, decay, scale } = inputs;
  const { rate, epsilon, shrink, beta1, beta2 } = attrs;
  const add = (a: tf.TensorInfo, b: tf.TensorInfo): tf.Tensor => op(backend, 'AddV2', [a, b]);
  const mul = (a: tf.TensorInfo, b: tf.TensorInfo | number): tf.Tensor =>
    op(backend, 'Mul', [a, typeof b === 'number' ? tf.scalar(b) : b]);
  const grad = mul(g, scale);
  const mean = add(mul(m, beta1), mul(grad, 1 - beta1));
  const square = add(mul(v, beta2), mul(op(backend, 'Square', [grad]), 1 - beta2));
  const change = op(backend, 'RealDiv', [mul(mean, rate), add(op(backend, 'Sqrt', [square]), tf.scalar(epsilon))]);
  const kept = shrink === 0 ? w : op(backend, 'Sub', [w, mul(mul(decay, shrink), w)]);
  return [op(backend, 'Sub', [kept, change]), mean, square];
});
