import type { KernelFunc, NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { callKernel, defineKernel, floats, reshaped, withView, type WasmBackend } from './wasm-backend.ts';

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}
interface Attrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * Matrix products through XNNPACK in every case. tfjs takes XNNPACK only for two plain matrices; a transposed or a
 * batched product runs a scalar loop there, and those are all products of a backward pass. Here transposes are made
 * first (cheap: linear in the size) and a batch is one call an element on views, without a copy.
 */
export const batchMatMul = defineKernel<Inputs, Attrs>('BatchMatMul', (shipped) => {
  if (shipped === undefined) throw new Error('The wasm backend has no BatchMatMul');
  return ({ inputs, attrs, backend }) =>
    matMul(shipped, backend, inputs.a, inputs.b, attrs.transposeA, attrs.transposeB);
});

function matMul(
  shipped: KernelFunc,
  backend: WasmBackend,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
): TensorInfo {
  const left = transposeA ? swapLast(backend, a) : reshaped(backend, a, a.shape);
  const right = transposeB ? swapLast(backend, b) : reshaped(backend, b, b.shape);
  const [rows, inner] = left.shape.slice(-2);
  const [innerRight, columns] = right.shape.slice(-2);
  tf.util.assert(
    inner === innerRight,
    () =>
      `matMul: expected equal inner sizes, got [${a.shape}]${transposeA ? 'ᵀ' : ''} × [${b.shape}]${transposeB ? 'ᵀ' : ''}`,
  );
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2));
  const leftBatch = tf.util.sizeFromShape(left.shape.slice(0, -2));
  const rightBatch = tf.util.sizeFromShape(right.shape.slice(0, -2));
  const batch = tf.util.sizeFromShape(outer);
  const shape = [...outer, rows, columns];
  let out: TensorInfo;
  if (tf.util.sizeFromShape(shape) === 0 || inner === 0) {
    out = backend.makeOutput(shape, 'float32');
    floats(backend, out).fill(0);
  } else if (rightBatch === 1) {
    // One right-hand matrix: the whole batch of the left one is a taller matrix.
    const tall = { ...left, shape: [leftBatch * rows, inner] };
    out = product(shipped, backend, tall, { ...right, shape: [inner, columns] });
    out.shape = shape;
  } else {
    out = backend.makeOutput(shape, 'float32');
    for (let index = 0; index < batch; index++) {
      const leftIndex = leftBatch === 1 ? 0 : sourceIndex(index, outer, left.shape);
      const rightIndex = sourceIndex(index, outer, right.shape);
      withView(backend, left, leftIndex * rows * inner, [rows, inner], (leftView) =>
        withView(backend, right, rightIndex * inner * columns, [inner, columns], (rightView) => {
          const part = product(shipped, backend, leftView, rightView);
          const from = floats(backend, part);
          floats(backend, out).set(from, index * rows * columns);
          backend.disposeData(part.dataId);
        }),
      );
    }
  }
  backend.disposeData(left.dataId);
  backend.disposeData(right.dataId);
  return out;
}

/**
 * Columns under which the values of a right operand were packed. XNNPACK keeps the packed copy for as long as the values
 * live and looks it up by them alone: under another shape (tf.reshape shares values) it would multiply with the old one.
 */
const packedColumns = new WeakMap<object, number>();

/** XNNPACK's fully connected layer; `a` and `b` are plain matrices. */
function product(shipped: KernelFunc, backend: WasmBackend, a: TensorInfo, b: TensorInfo): TensorInfo {
  const run = (right: TensorInfo): TensorInfo => {
    const attrs = { transposeA: false, transposeB: false } as NamedAttrMap;
    return shipped({ inputs: { a, b: right }, attrs, backend }) as TensorInfo;
  };
  const columns = b.shape[1];
  const packed = packedColumns.get(b.dataId);
  if (packed !== undefined && packed !== columns) return withView(backend, b, 0, b.shape, run);
  packedColumns.set(b.dataId, columns);
  return run(b);
}

function swapLast(backend: WasmBackend, x: TensorInfo): TensorInfo {
  const rank = x.shape.length;
  const perm = x.shape.map((_, axis) => (axis < rank - 2 ? axis : axis === rank - 2 ? rank - 1 : rank - 2));
  return callKernel(backend, 'Transpose', { x }, { perm });
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
