import type { TensorInfo } from '@tensorflow/tfjs-core';
import { share } from './share.ts';
import { address, defineKernel } from './wasm-backend.ts';

interface Inputs {
  readonly features: TensorInfo;
  readonly rows: TensorInfo;
}

/** Windows copied from the feature matrix on the heap: a window is one contiguous stretch of it. */
export const windows = defineKernel<Inputs, { readonly lookback: number }>(
  'AlmanacWindows',
  () =>
    ({ inputs, attrs, backend }) => {
      const { features, rows } = inputs;
      const [width, count] = [features.shape[1], rows.shape[0]];
      const out = backend.makeOutput([count, attrs.lookback, width], 'float32');
      const bytes = 4 * attrs.lookback * width;
      const { chunks, perChunk } = share(count, Math.ceil(65_536 / bytes));
      const args = [address(backend, features), address(backend, rows), address(backend, out), count, bytes, 4 * width];
      backend.pool.run('gatherWindows', chunks, [...args, perChunk]);
      return out;
    },
);
