import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { copyRows } from './strided-copy.ts';
import { defineKernel, words } from './wasm-backend.ts';

interface Attrs {
  readonly numOrSizeSplits: number | number[];
  readonly axis: number;
}

/** tf.split: cuts a tensor along one axis into parts; one pass over the input. */
export const split = defineKernel<{ readonly x: TensorInfo }, Attrs>('SplitV', () => ({ inputs, attrs, backend }) => {
  const { x } = inputs;
  const [axis] = tf.util.parseAxisParam(attrs.axis, x.shape);
  const sizes = tf.backend_util.prepareSplitSize(x as tf.Tensor, attrs.numOrSizeSplits, axis);
  const rows = tf.util.sizeFromShape(x.shape.slice(0, axis));
  const inner = tf.util.sizeFromShape(x.shape.slice(axis + 1));
  const fromStride = x.shape[axis] * inner;
  let fromStart = 0;
  return sizes.map((size) => {
    const shape = [...x.shape];
    shape[axis] = size;
    const out = backend.makeOutput(shape, x.dtype);
    const run = size * inner;
    copyRows(words(backend, x), words(backend, out), { rows, run, fromStart, fromStride, toStart: 0, toStride: run });
    fromStart += run;
    return out;
  });
});
