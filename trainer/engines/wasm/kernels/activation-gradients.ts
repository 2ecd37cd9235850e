import type { TensorInfo } from '@tensorflow/tfjs-core';
import { binary } from './binary.ts';
import { unary } from './unary.ts';
import { defineKernel } from './wasm-backend.ts';

/** x·Φ(x) in one pass. */
export const gelu = defineKernel<{ readonly x: TensorInfo }, unknown>(
  'AlmanacGelu',
  () =>
    ({ inputs, backend }) =>
      unary(backend, 'Gelu', inputs.x),
);

/** dy·(Φ(x) + x·φ(x)) in one pass. */
export const geluGradient = defineKernel<{ readonly dy: TensorInfo; readonly x: TensorInfo }, unknown>(
  'AlmanacGeluGrad',
  () =>
    ({ inputs, backend }) => {
      const out = binary(backend, 'GeluGrad', inputs.dy, inputs.x);
      if (out === undefined)
        throw new Error(`gelu: expected dy of x's shape [${inputs.x.shape}], received [${inputs.dy.shape}]`);
      return out;
    },
);

/** dy where a ReLU's output y is above zero, else 0, in one pass; as operations it is a step, a cast and a product. */
export const reluGradient = defineKernel<{ readonly dy: TensorInfo; readonly y: TensorInfo }, unknown>(
  'AlmanacReluGrad',
  () =>
    ({ inputs, backend }) => {
      const out = binary(backend, 'ReluGrad', inputs.dy, inputs.y);
      if (out === undefined)
        throw new Error(`relu: expected dy of y's shape [${inputs.y.shape}], received [${inputs.dy.shape}]`);
      return out;
    },
);
