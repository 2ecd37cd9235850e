import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Matrix, multiply, packedFloats, productFloats, worthSharing } from './packed.ts';
import { address, defineKernel, floats, type WasmBackend } from './wasm-backend.ts';

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}
interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** A stack of matrices as the kernel reads it; `step` is the distance in bytes between two of them. */
interface Operand extends Matrix {
  readonly step: number;
}

/**
 * Matrix products of any transposition, by our own kernel (assembly/gemm.ts). tfjs takes XNNPACK only for two plain matrices
 * and runs a scalar loop otherwise, which is every product of a backward pass; and XNNPACK's build has no fused
 * multiply-add and one thread. On 2 cores of a server ours does 4 to 5 times the products a second of XNNPACK's.
 */
export const batchMatMul = defineKernel<Inputs, Attrs>('BatchMatMul', () => ({ inputs, attrs, backend }) => {
  const { a, b } = inputs;
  const { transposeA, transposeB } = attrs;
  const left = operand(backend, a, transposeA);
  const right = operand(backend, b, transposeB);
  tf.util.assert(
    left.columns === right.rows,
    () =>
      `matMul: expected equal inner sizes, got [${a.shape}]${transposeA ? 'ᵀ' : ''} × [${b.shape}]${transposeB ? 'ᵀ' : ''}`,
  );
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const out = backend.makeOutput([...outer, left.rows, right.columns], 'float32');
  const size = tf.util.sizeFromShape(out.shape);
  if (size === 0) return out;
  if (left.columns === 0) {
    floats(backend, out).fill(0);
    return out;
  }
  const to = address(backend, out);
  const leftBatch = tf.util.sizeFromShape(a.shape.slice(0, -2));
  const rightBatch = tf.util.sizeFromShape(b.shape.slice(0, -2));
  const batch = size / (left.rows * right.columns);
  const isWhole = (count: number) => count === batch || count === 1;
  if (rightBatch === 1 && (leftBatch === 1 || !transposeA)) {
    // One right-hand matrix: the whole batch of the left one is a taller matrix.
    multiply(backend, { ...left, rows: leftBatch * left.rows }, right, to);
  } else if (isWhole(leftBatch) && isWhole(rightBatch)) {
    const repeat = (operand: Operand, count: number) => (count === 1 ? { ...operand, step: 0 } : operand);
    multiplyMany(backend, repeat(left, leftBatch), repeat(right, rightBatch), to, batch);
  } else {
    multiplyEach(backend, left, right, to, outer, a.shape, b.shape);
  }
  return out;
});

function operand(backend: WasmBackend, tensor: TensorInfo, transposed: boolean): Operand {
  const [rows, columns] = tensor.shape.slice(-2);
  const plain = { address: address(backend, tensor), step: rows * columns * 4 };
  return transposed
    ? { ...plain, rows: columns, columns: rows, rowStride: 4, columnStride: columns * 4 }
    : { ...plain, rows, columns, rowStride: columns * 4, columnStride: 4 };
}

/** out[i] = left[i] · right[i] for many small matrices. */
function multiplyMany(backend: WasmBackend, left: Operand, right: Operand, to: number, count: number): void {
  const { pool } = backend;
  const [M, K, N] = [left.rows, left.columns, right.columns];
  const scratch = pool.scratch(4 * (packedFloats(K, N) + productFloats(M)));
  const perChunk = Math.max(1, Math.ceil(worthSharing / (M * N * K)), Math.ceil(count / 1024));
  pool.run('multiplyBatch', Math.ceil(count / perChunk), [
    ...[left.address, left.step, left.rowStride, left.columnStride],
    ...[right.address, right.step, right.rowStride, right.columnStride],
    ...[to, M, K, N, count, perChunk, ...scratch],
  ]);
}

/** The rest: batches that broadcast against each other along some of their axes. */
function multiplyEach(
  backend: WasmBackend,
  left: Operand,
  right: Operand,
  to: number,
  outer: readonly number[],
  leftShape: readonly number[],
  rightShape: readonly number[],
): void {
  const count = outer.reduce((a, b) => a * b, 1);
  for (let index = 0; index < count; index++) {
    const at = (operand: Operand, shape: readonly number[]): Operand => ({
      ...operand,
      address: operand.address + sourceIndex(index, outer, shape) * operand.step,
    });
    multiply(backend, at(left, leftShape), at(right, rightShape), to + index * left.rows * right.columns * 4);
  }
}

/** Which matrix of an operand of `shape` belongs to element `index` of the broadcast batch `outer`. */
function sourceIndex(index: number, outer: readonly number[], shape: readonly number[]): number {
  const own = shape.slice(0, -2);
  let rest = index;
  let source = 0;
  let stride = 1;
  for (let axis = outer.length - 1; axis >= 0; axis--) {
    const position = rest % outer[axis];
    rest = Math.floor(rest / outer[axis]);
    const ownAxis = axis - (outer.length - own.length);
    if (ownAxis < 0) continue;
    if (own[ownAxis] !== 1) source += position * stride;
    stride *= own[ownAxis];
  }
  return source;
}
