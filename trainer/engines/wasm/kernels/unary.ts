import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { share } from './share.ts';
import { address, defineKernel, type WasmBackend, type WasmKernel } from './wasm-backend.ts';

/** Operations of assembly/elementwise.ts, by their number there. */
const operations = {
  Relu: 0,
  Sigmoid: 1,
  Square: 2,
  Sqrt: 3,
  Neg: 4,
  Abs: 5,
  Gelu: 6,
  Step: 7,
} as const;
type UnaryOperation = keyof typeof operations;

/** y = f(x), float32, on as many threads as it is worth. */
export function unary(backend: WasmBackend, operation: UnaryOperation, x: TensorInfo): TensorInfo {
  const out = backend.makeOutput(x.shape, 'float32');
  const count = tf.util.sizeFromShape(x.shape);
  const { chunks, perChunk } = share(count, 16_384, 4);
  backend.pool.run('unary', chunks, [
    operations[operation],
    address(backend, x),
    address(backend, out),
    count,
    perChunk,
  ]);
  return out;
}

/**
 * Functions of one value, four at a time. tfjs calls the C library a value for some, and XNNPACK's others run on one thread.
 */
function kernel(name: Exclude<UnaryOperation, 'Gelu'>): WasmKernel {
  return defineKernel<{ readonly x: TensorInfo }, { readonly alpha?: number }>(name, (shipped) => (call) => {
    const { x } = call.inputs;
    // tf.step with a slope other than 0 below zero: training never needs it.
    const ours = x.dtype === 'float32' && (name !== 'Step' || !call.attrs?.alpha);
    return ours || shipped === undefined ? unary(call.backend, name, x) : shipped(call as never);
  });
}

export const unaryKernels: readonly WasmKernel[] = (
  ['Relu', 'Sigmoid', 'Square', 'Sqrt', 'Neg', 'Abs', 'Step'] as const
).map(kernel);
