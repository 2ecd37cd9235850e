import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { AdamwAttrs, AdamwInputs } from '#trainer/engines/ops/adamw-step.ts';
import { share } from './share.ts';
import { address, defineKernel } from './wasm-backend.ts';

type Infos = { readonly [Name in keyof AdamwInputs]: TensorInfo };

/** The optimizer's step for all weights in one pass, where 14 kernels went over them one after the other. */
export const adamw = defineKernel<Infos, AdamwAttrs>('AlmanacAdamW', () => ({ inputs, attrs, backend }) => {
  const count = inputs.w.shape[0];
  const outputs = [0, 1, 2].map(() => backend.makeOutput([count], 'float32'));
  const { chunks, perChunk } = share(count, 8192, 4);
  const { w, m, v, g, decay, scale } = inputs;
  backend.pool.run('adamw', chunks, [
    ...[count, perChunk],
    ...[w, m, v, g, decay, scale, ...outputs].map((tensor) => address(backend, tensor)),
    ...[attrs.rate, attrs.epsilon, attrs.shrink, attrs.beta1, attrs.beta2],
  ]);
  return outputs;
});
