import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { addUp } from './partials.ts';
import { share } from './share.ts';
import { address, defineKernel, floats } from './wasm-backend.ts';

/**
 * Layer norm over the last axis in one pass, where ten operations went over the tensor. Outputs y, and mean and 1/sd of each
 * row [rows, 2] for the gradient.
 */
export const layerNorm = defineKernel<
  { readonly x: TensorInfo; readonly gamma: TensorInfo; readonly beta: TensorInfo },
  { readonly epsilon: number }
>('AlmanacLayerNorm', () => ({ inputs, attrs, backend }) => {
  const { x, gamma, beta } = inputs;
  const width = gamma.shape[0];
  const rows = tf.util.sizeFromShape(x.shape) / width;
  const y = backend.makeOutput(x.shape, 'float32');
  const statistics = backend.makeOutput([rows, 2], 'float32');
  const { chunks, perChunk } = share(rows, Math.ceil(16_384 / width));
  const addresses = [x, gamma, beta, y, statistics].map((tensor) => address(backend, tensor));
  backend.pool.run('layerNorm', chunks, [...addresses, rows, width, attrs.epsilon, perChunk]);
  return [y, statistics];
});

/** Its gradient: [dx, dGamma, dBeta]. */
export const layerNormGradient = defineKernel<
  { readonly dy: TensorInfo; readonly x: TensorInfo; readonly gamma: TensorInfo; readonly statistics: TensorInfo },
  unknown
>('AlmanacLayerNormGrad', () => ({ inputs, backend }) => {
  const { dy, x, gamma, statistics } = inputs;
  const width = gamma.shape[0];
  const rows = tf.util.sizeFromShape(x.shape) / width;
  const dx = backend.makeOutput(x.shape, 'float32');
  const { chunks, perChunk } = share(rows, Math.ceil(16_384 / width));
  const partial = backend.wasm._malloc(8 * chunks * width) >>> 0;
  const addresses = [dy, x, gamma, statistics, dx].map((tensor) => address(backend, tensor));
  backend.pool.run('layerNormGradient', chunks, [...addresses, partial, rows, width, perChunk]);
  const sums = addUp(backend, partial, chunks, 2 * width);
  backend.wasm._free(partial);
  const [dGamma, dBeta] = [0, width].map((start) => {
    const part = backend.makeOutput([width], 'float32');
    floats(backend, part).set(floats(backend, sums).subarray(start, start + width));
    return part;
  });
  backend.disposeData(sums.dataId);
  return [dx, dGamma, dBeta];
});
