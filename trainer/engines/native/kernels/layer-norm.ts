import * as tf from '@tensorflow/tfjs-core';
import type { NodeBackend } from '../node-backend.ts';
import { defineKernel, op } from './define.ts';

/**
 * Layer norm over the last axis, without the casts and reshapes that tfjs puts around each mean. Outputs y, 1/sd [rows, 1]
 * and the normalised x [rows, n], the latter two for the gradient. Means by products with a matrix of 1/n, which save the
 * broadcasts, took more time than these.
 */
export const layerNorm = defineKernel<
  { readonly x: tf.TensorInfo; readonly gamma: tf.TensorInfo; readonly beta: tf.TensorInfo },
  { readonly epsilon: number }
>('AlmanacLayerNorm', ({ inputs: { x, gamma, beta }, attrs: { epsilon }, backend }) => {
  const flat = flatten(x, gamma.shape[0]);
  const centred = op(backend, 'Sub', [flat, rowMean(backend, flat)]);
  const variance = rowMean(backend, op(backend, 'Square', [centred]));
  const scale = op(backend, 'Rsqrt', [op(backend, 'AddV2', [variance, tf.scalar(epsilon)])]);
  const normal = op(backend, 'Mul', [centred, scale]);
  const y = op(backend, 'BiasAdd', [op(backend, 'Mul', [normal, gamma]), beta]);
  return [x.shape.length === 2 ? y : tf.reshape(y, x.shape), scale, normal];
});

/** Its gradient: [dx, dGamma, dBeta]. */
export const layerNormGradient = defineKernel<{
  readonly dy: tf.TensorInfo;
  readonly gamma: tf.TensorInfo;
  readonly statistics: tf.TensorInfo;
  readonly normal: tf.TensorInfo;
}>('AlmanacLayerNormGrad', ({ inputs: { dy, gamma, statistics, normal }, backend }) => {
  const flat = flatten(dy, gamma.shape[0]);
  const mul = (a: tf.TensorInfo, b: tf.TensorInfo): tf.Tensor => op(backend, 'Mul', [a, b]);
  const sub = (a: tf.TensorInfo, b: tf.TensorInfo): tf.Tensor => op(backend, 'Sub', [a, b]);
  const scaled = mul(flat, normal);
  const g = mul(flat, gamma);
  const along = mul(normal, rowMean(backend, mul(scaled, gamma)));
  const dx = mul(sub(sub(g, rowMean(backend, g)), along), statistics);
  const [dGamma, dBeta] = [scaled, flat].map((x) => op(backend, 'BiasAddGrad', [x]));
  return [dy.shape.length === 2 ? dx : tf.reshape(dx, dy.shape), dGamma, dBeta];
});

function rowMean(backend: NodeBackend, x: tf.TensorInfo): tf.Tensor {
  const types = { Tidx: backend.binding.TF_INT32 };
  return op(backend, 'Mean', [x, tf.tensor1d([1], 'int32')], { types, flags: { keep_dims: true } });
}

function flatten(x: tf.TensorInfo, width: number): tf.TensorInfo {
  // Kernels are given tensors, though tfjs calls them less.
  return x.shape.length === 2 ? x : tf.reshape(x as tf.Tensor, [tf.util.sizeFromShape(x.shape) / width, width]);
}
