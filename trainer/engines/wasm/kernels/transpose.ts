import type { TensorInfo } from '@tensorflow/tfjs-core';
import { share } from './share.ts';
import { address, defineKernel, reshaped, type WasmBackend, words } from './wasm-backend.ts';

/**
 * Any permutation of axes. Axes of size one are dropped and axes that stay neighbours are joined first, which leaves most
 * permutations a batch of matrices; tfjs walks element by element, very slowly above rank 4.
 */
export const transpose = defineKernel<{ readonly x: TensorInfo }, { readonly perm: number[] }>(
  'Transpose',
  (shipped) => (call) => {
    const { inputs, attrs, backend } = call;
    const { x } = inputs;
    if (x.dtype === 'string' || x.dtype === 'complex64') return shipped!(call as never);
    const shape = attrs.perm.map((axis) => x.shape[axis]);
    const joined = joinAxes(x.shape, attrs.perm);
    if (joined.perm.length <= 1) return reshaped(backend, x, shape);
    const out = backend.makeOutput(shape, x.dtype);
    const key = x.dtype === 'bool' ? '' : joined.perm.join();
    const [a, b, c, d] = joined.shape;
    if (key === '1,0') transposeMatrices(backend, x, out, 1, a, b);
    else if (key === '0,2,1') transposeMatrices(backend, x, out, a, b, c);
    else if (key === '1,0,2') swapRows(backend, x, out, 1, a, b, c);
    else if (key === '0,2,1,3') swapRows(backend, x, out, a, b, c, d);
    else permute(words(backend, x), words(backend, out), joined.shape, joined.perm);
    return out;
  },
);

/** The same permutation over fewer axes. */
function joinAxes(shape: readonly number[], perm: readonly number[]): { shape: number[]; perm: number[] } {
  const groups: number[][] = [];
  let previous = -2;
  for (const axis of perm) {
    if (shape[axis] === 1) continue;
    // Axes stay neighbours where only axes of size one lie between them.
    let next = previous + 1;
    while (next < axis && next >= 0 && shape[next] === 1) next++;
    if (previous >= 0 && next === axis) groups[groups.length - 1].push(axis);
    else groups.push([axis]);
    previous = axis;
  }
  const order = groups.map((_, index) => index).sort((left, right) => groups[left][0] - groups[right][0]);
  return {
    shape: order.map((index) => groups[index].reduce((size, axis) => size * shape[axis], 1)),
    perm: groups.map((_, index) => order.indexOf(index)),
  };
}

/** Rows that one band of assembly/transpose.ts turns. */
const band = 32;

function transposeMatrices(
  backend: WasmBackend,
  from: TensorInfo,
  to: TensorInfo,
  count: number,
  rows: number,
  columns: number,
): void {
  const { chunks, perChunk } = share(
    count * Math.ceil(rows / band),
    Math.ceil(16_384 / (Math.min(rows, band) * columns)),
  );
  const args = [address(backend, from), address(backend, to), count, rows, columns, perChunk];
  backend.pool.run('transposeMatrices', chunks, args);
}

/** [count, rows, columns, run] → [count, columns, rows, run]: runs move whole. */
function swapRows(
  backend: WasmBackend,
  from: TensorInfo,
  to: TensorInfo,
  count: number,
  rows: number,
  columns: number,
  run: number,
): void {
  const { chunks, perChunk } = share(count * rows, Math.ceil(16_384 / (columns * run)));
  const args = [address(backend, from), address(backend, to), count, rows, columns, run, perChunk];
  backend.pool.run('swapRows', chunks, args);
}

type Words = Uint32Array | Uint8Array;

function permute(from: Words, to: Words, shape: readonly number[], perm: readonly number[]): void {
  const strides = new Array<number>(shape.length);
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  const sizes = perm.map((axis) => shape[axis]);
  const steps = perm.map((axis) => strides[axis]);
  const last = sizes.length - 1;
  const position = sizes.map(() => 0);
  for (let target = 0, base = 0; target < to.length;) {
    for (let index = 0, source = base; index < sizes[last]; index++, source += steps[last]) to[target++] = from[source];
    for (let axis = last - 1; axis >= 0; axis--) {
      base += steps[axis];
      if (++position[axis] < sizes[axis]) break;
      base -= steps[axis] * sizes[axis];
      position[axis] = 0;
    }
  }
}
