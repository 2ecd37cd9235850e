import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { callShipped, defineKernel, type KernelCall } from '../kernel.ts';
import { sizeOf } from '../size.ts';
import { countParts, splitMatMul } from './split-mat-mul.ts';

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}
interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Values of WEBGPU_MATMUL_PROGRAM_TYPE; 1 is the one with atomic additions, which we never take. */
export const matMulProgram = { reduce: 0, smallOutput: 2, packed: 3 } as const;

interface Product {
  readonly batch: number;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

function productOf({ inputs: { a, b }, attrs: { transposeA, transposeB } }: KernelCall<Inputs, Attrs>): Product {
  const [[rowsA, columnsA], [rowsB, columnsB]] = [a.shape.slice(-2), b.shape.slice(-2)];
  return {
    batch: Math.max(sizeOf(a.shape.slice(0, -2)), sizeOf(b.shape.slice(0, -2))),
    m: transposeA ? columnsA : rowsA,
    k: transposeA ? rowsA : columnsA,
    n: transposeB ? rowsB : columnsB,
  };
}

/** tfjs' own choice among its programs, by how many workgroups a product has, without the one that is not deterministic. */
function chooseProgram({ batch, m, n }: Pick<Product, 'batch' | 'm' | 'n'>, few: number): number {
  const tiles = batch * Math.ceil(m / 32) * Math.ceil(n / 32);
  if (tiles > few && !(m <= 8 && tiles <= 2 * few)) return matMulProgram.packed;
  return batch * m * n <= 128 ? matMulProgram.reduce : matMulProgram.smallOutput;
}

function callPinned(shipped: tf.KernelFunc | undefined, call: KernelCall<Inputs, Attrs>, product: Product): TensorInfo {
  const flag = 'WEBGPU_MATMUL_PROGRAM_TYPE';
  const before = tf.env().getNumber(flag);
  tf.env().set(flag, chooseProgram(product, call.backend.thresholdToIncreaseWorkgroups));
  try {
    return callShipped(shipped, 'BatchMatMul', call);
  } finally {
    tf.env().set(flag, before);
  }
}

/**
 * Products of matrices. The program is chosen here by shape: the shipped choice takes one with atomic additions where the
 * inner axis is long and the result small (gradients of weights), which gives other bits at each run; `splitMatMul` serves
 * those, and, as it splits from 512 on instead of 2000, keeps more of the GPU busy.
 */
export const matMul = defineKernel<Inputs, Attrs>('BatchMatMul', (shipped) => (call) => {
  const product = productOf(call);
  const parts = product.batch === 1 ? countParts(product) : 1;
  const { a, b } = call.inputs;
  if (parts === 1 || a.dtype !== 'float32' || b.dtype !== 'float32' || product.m * product.n === 0)
    return callPinned(shipped, call, product);
  const result = splitMatMul(call.backend, a, b, { ...product, ...call.attrs }, parts);
  const outer = a.shape.length >= b.shape.length ? a.shape : b.shape;
  return { ...result, shape: [...outer.slice(0, -2), product.m, product.n] };
});
