import type { TensorInfo } from '@tensorflow/tfjs-core';
import { packedFloats, productFloats } from './packed.ts';
import { share } from './share.ts';
import { address, defineKernel } from './wasm-backend.ts';

interface Inputs {
  readonly q: TensorInfo;
  readonly k: TensorInfo;
  readonly v: TensorInfo;
}
interface Attrs {
  readonly heads: number;
}

/** Measures of a call: q [B, T, d]; a head has `columns` of the d. */
function measure(q: TensorInfo, { heads }: Attrs) {
  const [batch, steps, width] = q.shape;
  const columns = width / heads;
  const product = productFloats(Math.max(steps, 6));
  const packed = Math.max(packedFloats(columns, steps), packedFloats(steps, columns));
  const { chunks, perChunk } = share(batch * heads, Math.ceil(32_768 / (steps * steps * columns)));
  return { sizes: [batch, steps, width, heads, 1 / Math.sqrt(columns), perChunk, product], product, packed, chunks };
}

/**
 * Attention in one call, each head on its columns where they lie: as operations it turned four tensors and back, and made a
 * thousand products of eight by eight. Outputs y [B, T, d] and the weights p [B·heads, T, T] for the gradient.
 */
export const attention = defineKernel<Inputs, Attrs>('AlmanacAttention', () => ({ inputs, attrs, backend }) => {
  const { q, k, v } = inputs;
  const [batch, steps] = q.shape;
  const { sizes, product, packed, chunks } = measure(q, attrs);
  const y = backend.makeOutput(q.shape, 'float32');
  const p = backend.makeOutput([batch * attrs.heads, steps, steps], 'float32');
  const scratch = backend.pool.scratch(4 * (product + packed));
  const addresses = [q, k, v, y, p].map((tensor) => address(backend, tensor));
  backend.pool.run('attention', chunks, [...addresses, ...sizes, ...scratch]);
  return [y, p];
});

/** Its gradient: [dq, dk, dv]. */
export const attentionGradient = defineKernel<Inputs & { readonly dy: TensorInfo; readonly p: TensorInfo }, Attrs>(
  'AlmanacAttentionGrad',
  () =>
    ({ inputs, attrs, backend }) => {
      const { dy, q, k, v, p } = inputs;
      const { sizes, product, packed, chunks } = measure(q, attrs);
      const outputs = [0, 1, 2].map(() => backend.makeOutput(q.shape, 'float32'));
      const scratch = backend.pool.scratch(4 * (product + packed + q.shape[1] ** 2));
      const addresses = [dy, q, k, v, p, ...outputs].map((tensor) => address(backend, tensor));
      backend.pool.run('attentionGradient', chunks, [...addresses, ...sizes, packed, ...scratch]);
      return outputs;
    },
);
