import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { DropoutAttrs } from '#trainer/engines/ops/dropout.ts';
import { binary } from './binary.ts';
import { share } from './share.ts';
import { address, defineKernel } from './wasm-backend.ts';

/** x times its mask, which is drawn on the way: a mask made in JavaScript and uploaded took ten times as long. */
export const dropout = defineKernel<{ readonly x: TensorInfo }, DropoutAttrs>(
  'AlmanacDropout',
  () =>
    ({ inputs, attrs, backend }) => {
      const { x } = inputs;
      const { key, tweak, threshold, kept, maskShape } = attrs;
      const draw = (shape: number[]): { out: TensorInfo; cut: number[]; chunks: number } => {
        const count = tf.util.sizeFromShape(shape);
        const { chunks, perChunk } = share(count, 8192, 4);
        return { out: backend.makeOutput(shape, 'float32'), cut: [count, perChunk], chunks };
      };
      if (tf.util.sizeFromShape([...maskShape]) === tf.util.sizeFromShape(x.shape)) {
        const { out, cut, chunks } = draw(x.shape);
        const args = [address(backend, x), address(backend, out), ...cut, key, tweak, threshold, kept];
        backend.pool.run('dropoutEach', chunks, args);
        return out;
      }
      const { out: mask, cut, chunks } = draw([...maskShape]);
      backend.pool.run('dropoutMask', chunks, [address(backend, mask), ...cut, key, tweak, threshold, kept]);
      const out = binary(backend, 'Multiply', x, mask);
      backend.disposeData(mask.dataId);
      if (out === undefined)
        throw new Error(`dropout: expected a mask that shares axes of [${x.shape}], received [${maskShape}]`);
      return out;
    },
);
