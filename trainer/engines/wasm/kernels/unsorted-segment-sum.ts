import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel, floats } from './wasm-backend.ts';

interface Inputs {
  readonly x: TensorInfo;
  readonly segmentIds: TensorInfo;
}

/**
 * Adds row i of x to row segmentIds[i] of the result: the gradient of tf.gather and of embeddings. Rows whose id is
 * outside 0 … numSegments − 1 count nowhere, as on the other backends. The backend has no such kernel.
 */
export const unsortedSegmentSum = defineKernel<Inputs, { readonly numSegments: number }>(
  'UnsortedSegmentSum',
  () =>
    ({ inputs, attrs, backend }) => {
      const { x, segmentIds } = inputs;
      const rows = tf.util.sizeFromShape(segmentIds.shape);
      const rest = x.shape.slice(segmentIds.shape.length);
      const run = tf.util.sizeFromShape(rest);
      const out = backend.makeOutput([attrs.numSegments, ...rest], 'float32');
      const ids = backend.readSync(segmentIds.dataId);
      const from = floats(backend, x);
      const to = floats(backend, out);
      to.fill(0);
      for (let row = 0, source = 0; row < rows; row++, source += run) {
        const id = ids[row];
        if (id < 0 || id >= attrs.numSegments) continue;
        const target = id * run;
        for (let index = 0; index < run; index++) to[target + index] += from[source + index];
      }
      return out;
    },
);
