import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { copyRows } from './strided-copy.ts';
import { defineKernel, type WasmBackend, words } from './wasm-backend.ts';

interface SplitAttrs {
  readonly numOrSizeSplits: number | number[];
  readonly axis: number;
}

/** Cuts a tensor along one axis into parts of the given sizes; one pass over the input. */
function cut(backend: WasmBackend, x: TensorInfo, axis: number, sizes: readonly number[]): TensorInfo[] {
  const rows = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  const fromStride = x.shape[axis] * inner;
  let fromStart = 0;
  return sizes.map((size) => {
    const shape = [...x.shape];
    shape[axis] = size;
    const out = backend.makeOutput(shape, x.dtype);
    const run = size * inner;
    const contiguous = rows === 1 ? { rows: 1, run } : { rows, run };
    copyRows(words(backend, x), words(backend, out), {
      ...contiguous,
      fromStart,
      fromStride,
      toStart: 0,
      toStride: run,
    });
    fromStart += run;
    return out;
  });
}

/** tf.split. */
export const split = defineKernel<{ readonly x: TensorInfo }, SplitAttrs>(
  'SplitV',
  () =>
    ({ inputs, attrs, backend }) => {
      const { x } = inputs;
      const [axis] = tf.util.parseAxisParam(attrs.axis, x.shape);
      return cut(backend, x, axis, tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis));
    },
);

/** tf.unstack: parts of size one without their axis. tfjs copies the whole tensor once a part. */
export const unpack = defineKernel<{ readonly value: TensorInfo }, { readonly axis: number }>(
  'Unpack',
  () =>
    ({ inputs, attrs, backend }) => {
      const { value } = inputs;
      const [axis] = tf.util.parseAxisParam(attrs.axis, value.shape);
      const parts = cut(backend, value, axis, new Array<number>(value.shape[axis]).fill(1));
      const shape = value.shape.filter((_, index) => index !== axis);
      return parts.map((part) => ({ ...part, shape }));
    },
);
