import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { share } from './share.ts';
import { address, defineKernel } from './wasm-backend.ts';

/** tf.softmax over the last axis; XNNPACK's runs on one thread. */
export const softmax = defineKernel<{ readonly logits: TensorInfo }, { readonly dim: number }>(
  'Softmax',
  (shipped) => (call) => {
    const { inputs, attrs, backend } = call;
    const { logits } = inputs;
    const width = logits.shape[attrs.dim];
    if (logits.dtype !== 'float32' || attrs.dim !== logits.shape.length - 1 || width === 0)
      return shipped!(call as never);
    const out = backend.makeOutput(logits.shape, 'float32');
    const rows = tf.util.sizeFromShape(logits.shape) / width;
    const { chunks, perChunk } = share(rows, Math.ceil(8192 / width));
    backend.pool.run('softmax', chunks, [address(backend, logits), address(backend, out), rows, width, perChunk]);
    return out;
  },
);
