import type * as tf from '@tensorflow/tfjs-core';
import { defineKernel, op } from './define.ts';

interface Inputs {
  readonly x: tf.TensorInfo;
  readonly kernel: tf.TensorInfo;
  readonly bias: tf.TensorInfo;
}

/** x·kernel + bias, with a ReLU if wanted: TensorFlow's optimizer makes one operation of the three on the processor. */
export const dense = defineKernel<Inputs, { readonly relu: boolean }>(
  'AlmanacDense',
  ({ inputs: { x, kernel, bias }, attrs: { relu }, backend }) => {
    const sum = op(backend, 'BiasAdd', [op(backend, 'MatMul', [x, kernel]), bias]);
    return relu ? op(backend, 'Relu', [sum]) : sum;
  },
);

/** dy where y is above zero, else 0; tfjs-node's own way fills and selects five tensors of that size. */
export const reluGradient = defineKernel<{ readonly dy: tf.TensorInfo; readonly y: tf.TensorInfo }>(
  'AlmanacReluGrad',
  ({ inputs: { dy, y }, backend }) => op(backend, 'ReluGrad', [dy, y]),
);
