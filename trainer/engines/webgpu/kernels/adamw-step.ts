import type { TensorInfo } from '@tensorflow/tfjs-core';
import { dispatchMany } from '../dispatch.ts';
import { defineKernel } from '../kernel.ts';
import { sizeOf } from '../size.ts';

/** float32 [P] each, except `scale` []: the factor of the gradient that clipping gives. `decay` is 1 where weights decay. */
interface Inputs {
  readonly w: TensorInfo;
  readonly m: TensorInfo;
  readonly v: TensorInfo;
  readonly g: TensorInfo;
  readonly decay: TensorInfo;
  readonly scale: TensorInfo;
}
interface Attrs {
  /** lr · √(1−β2ᵗ) / (1−β1ᵗ) */
  readonly rate: number;
  /** ε · √(1−β2ᵗ) */
  readonly epsilon: number;
  /** lr · weight decay */
  readonly shrink: number;
  readonly beta1: number;
  readonly beta2: number;
}

/**
 * One step of AdamW for the whole model, in one pass over its flat weights: as tfjs operations it is 14 kernels a variable,
 * each of which reads and writes all of it. Outputs w', m', v', [P] each:
 *
 *     g' = g·scale;  m' = β1·m + (1−β1)·g';  v' = β2·v + (1−β2)·g'²
 *     w' = w − shrink·decay·w − rate · m' / (√v' + ε)
 */
export const adamw = defineKernel<Inputs, Attrs>('AlmanacAdamW', () => ({ inputs, attrs, backend }) => {
  const { w, m, v, g, decay, scale } = inputs;
  const { rate, epsilon, shrink, beta1, beta2 } = attrs;
  return dispatchMany(backend, {
    name: 'AlmanacAdamW',
    inputs: { w, m, v, g, decay },
    outputs: { newW: w.shape, newM: m.shape, newV: v.shape },
    // 1 − β is taken in double precision: 1 − 0.999 in float32 is off by 2e-5.
    scalars: { scale, rate, epsilon, shrink, beta1, take1: 1 - beta1, beta2, take2: 1 - beta2 },
    size: sizeOf(w.shape),
    body: `
      let gradient = g[index] * uniforms.scale;
      let first = uniforms.beta1 * m[index] + uniforms.take1 * gradient;
      let second = uniforms.beta2 * v[index] + uniforms.take2 * gradient * gradient;
      let weight = w[index];
      newM[index] = first;
      newV[index] = second;
      newW[index] = weight - uniforms.shrink * decay[index] * weight
        - uniforms.rate * first / (sqrt(second) + uniforms.epsilon);`,
  });
});
