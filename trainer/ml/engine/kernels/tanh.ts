import type { TensorInfo } from '@tensorflow/tfjs-core';
import { callKernel, defineKernel, floats } from './wasm-backend.ts';

/**
 * tanh(x) = 2·σ(2x) − 1: XNNPACK has a vectorised σ and no tanh, for which tfjs calls the C library a value. The
 * difference costs relative precision near zero (the absolute error stays below 1e-6), and a branch for small values
 * would cost more time than all the rest.
 */
export const tanh = defineKernel<{ readonly x: TensorInfo }, unknown>('Tanh', () => ({ inputs, backend }) => {
  const { x } = inputs;
  const doubled = backend.makeOutput(x.shape, 'float32');
  const to = floats(backend, doubled);
  const from = floats(backend, x);
  for (let index = 0; index < from.length; index++) to[index] = 2 * from[index];
  const out = callKernel(backend, 'Sigmoid', { x: doubled });
  backend.disposeData(doubled.dataId);
  const values = floats(backend, out);
  for (let index = 0; index < values.length; index++) values[index] = 2 * values[index] - 1;
  return out;
});
