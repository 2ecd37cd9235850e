import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { copyBox } from './strided-copy.ts';
import { defineKernel, words } from './wasm-backend.ts';

interface Attrs {
  readonly begin: number | number[];
  readonly size: number | number[];
}

/** A part of a tensor, copied within the heap. tfjs copies the whole input out of the heap first, for every slice. */
export const slice = defineKernel<{ readonly x: TensorInfo }, Attrs>('Slice', (shipped) => (call) => {
  const { inputs, attrs, backend } = call;
  const { x } = inputs;
  if (x.dtype === 'string' && shipped !== undefined) return shipped(call as never);
  const [begin, size] = tf.slice_util.parseSliceParams(x as tf.Tensor, attrs.begin, attrs.size);
  tf.slice_util.assertParamsValid(x as tf.Tensor, begin, size);
  const out = backend.makeOutput(size, x.dtype);
  copyBox(
    words(backend, x),
    x.shape,
    begin,
    words(backend, out),
    size,
    begin.map(() => 0),
    size,
  );
  return out;
});
