import type { TensorInfo } from '@tensorflow/tfjs-core';
import { matrix, multiply } from './packed.ts';
import { address, defineKernel } from './wasm-backend.ts';

interface Inputs {
  readonly x: TensorInfo;
  readonly kernel: TensorInfo;
  readonly bias: TensorInfo;
}

/** x·kernel + bias, with a ReLU if wanted, in one pass over the output: [B, in] → [B, out]. */
export const dense = defineKernel<Inputs, { readonly relu: boolean }>(
  'AlmanacDense',
  () =>
    ({ inputs, attrs, backend }) => {
      const { x, kernel, bias } = inputs;
      const [rows, inner] = x.shape;
      const columns = kernel.shape[1];
      const out = backend.makeOutput([rows, columns], 'float32');
      const left = matrix(address(backend, x), rows, inner);
      const right = matrix(address(backend, kernel), inner, columns);
      multiply(backend, left, right, address(backend, out), { bias: address(backend, bias), relu: attrs.relu });
      return out;
    },
);
