import type { TensorInfo } from '@tensorflow/tfjs-core';
import { callKernel, defineKernel } from './wasm-backend.ts';

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
}
interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation: 'linear' | 'relu' | 'relu6' | 'elu' | 'prelu' | 'leakyrelu' | 'sigmoid';
  readonly leakyreluAlpha?: number;
}

const activations = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  prelu: 'Prelu',
  leakyrelu: 'LeakyRelu',
};

/**
 * Product, bias and activation. tfjs' own adds the bias and clamps once per 48 columns of a transposed or batched
 * product, which is wrong (ones[2,100] · ones[3,100]ᵀ + 1 gives 103): here the three steps are separate kernels.
 */
export const fusedMatMul = defineKernel<Inputs, Attrs>('_FusedMatMul', () => ({ inputs, attrs, backend }) => {
  const { a, b, bias, preluActivationWeights } = inputs;
  const { transposeA, transposeB, activation } = attrs;
  let out = callKernel(backend, 'BatchMatMul', { a, b }, { transposeA, transposeB });
  const replace = (name: string, others: Record<string, TensorInfo>, input: string, options = {}) => {
    const next = callKernel(backend, name, { [input]: out, ...others }, options);
    backend.disposeData(out.dataId);
    out = next;
  };
  if (bias != null) replace('Add', { b: bias }, 'a');
  if (activation === 'prelu') {
    if (preluActivationWeights == null) throw new Error('_FusedMatMul with prelu expects preluActivationWeights');
    replace('Prelu', { alpha: preluActivationWeights }, 'x');
  } else if (activation === 'leakyrelu') {
    replace('LeakyRelu', {}, 'x', { alpha: attrs.leakyreluAlpha ?? 0 });
  } else if (activation !== 'linear') {
    replace(activations[activation], {}, 'x');
  }
  return out;
});
