import type { TensorInfo } from '@tensorflow/tfjs-core';
import { copyBox } from './strided-copy.ts';
import { defineKernel, words } from './wasm-backend.ts';

/** Repeats a tensor along each axis. tfjs computes the source of every single element. */
export const tile = defineKernel<{ readonly x: TensorInfo }, { readonly reps: number[] }>(
  'Tile',
  (shipped) => (call) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    if (x.dtype === 'string' || x.dtype === 'complex64') return shipped!(call as never);
    const shape = x.shape.map((size, axis) => size * attrs.reps[axis]);
    const out = backend.makeOutput(shape, x.dtype);
    if (shape.includes(0)) return out;
    const to = words(backend, out);
    const zeros = shape.map(() => 0);
    copyBox(words(backend, x), x.shape, zeros, to, shape, zeros, x.shape);
    // The box written so far is doubled along each axis, innermost first, until that axis is full.
    const done = [...x.shape];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      while (done[axis] < shape[axis]) {
        const size = [...done];
        size[axis] = Math.min(done[axis], shape[axis] - done[axis]);
        const begin = [...zeros];
        begin[axis] = done[axis];
        copyBox(to, shape, zeros, to, shape, begin, size);
        done[axis] += size[axis];
      }
    }
    return out;
  },
);
