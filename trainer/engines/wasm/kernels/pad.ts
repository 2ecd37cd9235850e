import type { TensorInfo } from '@tensorflow/tfjs-core';
import { copyBox } from './strided-copy.ts';
import { defineKernel, floats, words } from './wasm-backend.ts';

interface Attrs {
  readonly paddings: readonly (readonly [number, number])[];
  readonly constantValue: number;
}

/** A tensor inside a frame of one value, copied within the heap. It is the gradient of every slice. */
export const pad = defineKernel<{ readonly x: TensorInfo }, Attrs>('PadV2', (shipped) => (call) => {
  const { inputs, attrs, backend } = call;
  const { x } = inputs;
  if (x.dtype !== 'float32' && shipped !== undefined) return shipped(call as never);
  const shape = x.shape.map((size, axis) => attrs.paddings[axis][0] + size + attrs.paddings[axis][1]);
  const out = backend.makeOutput(shape, x.dtype);
  floats(backend, out).fill(attrs.constantValue);
  const begin = attrs.paddings.map(([before]) => before);
  copyBox(
    words(backend, x),
    x.shape,
    begin.map(() => 0),
    words(backend, out),
    shape,
    begin,
    x.shape,
  );
  return out;
});
