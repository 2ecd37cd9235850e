import type * as tf from '@tensorflow/tfjs-core';
import { defineKernel, op } from './define.ts';

interface Inputs {
  readonly a: tf.TensorInfo;
  readonly b: tf.TensorInfo;
}
interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** tf.matMul. tfjs-node always takes the operation for batches; for two matrices this is the plain product. */
export const matMul = defineKernel<Inputs, Attrs>(
  'BatchMatMul',
  ({ inputs: { a, b }, attrs: { transposeA, transposeB }, backend }) =>
    a.shape.length === 2 && b.shape.length === 2
      ? op(backend, 'MatMul', [a, b], { flags: { transpose_a: transposeA, transpose_b: transposeB } })
      : op(backend, 'BatchMatMulV2', [a, b], { flags: { adj_x: transposeA, adj_y: transposeB } }),
);
