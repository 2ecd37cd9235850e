import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { share } from './share.ts';
import { address, defineKernel, floats, type KernelCall } from './wasm-backend.ts';

interface Attrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}
type Call = KernelCall<{ readonly x: TensorInfo }, Attrs>;

/** Rows that one piece of a column sum covers: pieces are added in double precision, in their order. */
const rowsOfPiece = 1024;

/**
 * Sums over neighbouring axes in one pass, blocks of 64 in single and across them in double precision. tfjs transposes the
 * whole tensor first unless the axes are the last ones, and adds all in single precision on one thread. Undefined when the
 * axes are not neighbours.
 */
function reduce({ inputs, attrs, backend }: Call, scale: (count: number) => number): TensorInfo | undefined {
  const { x } = inputs;
  if (x.dtype !== 'float32') return undefined;
  const axes = tf.util.parseAxisParam(attrs.axis, x.shape).sort((a, b) => a - b);
  const first = axes.length === 0 ? 0 : axes[0];
  if (axes.some((axis, index) => axis !== first + index)) return undefined;
  const outer = tf.util.sizeFromShape(x.shape.slice(0, first));
  const count = tf.util.sizeFromShape(x.shape.slice(first, first + axes.length));
  const inner = tf.util.sizeFromShape(x.shape.slice(first + axes.length));
  const shape = x.shape.flatMap((size, axis) => (axes.includes(axis) ? (attrs.keepDims ? [1] : []) : [size]));
  const out = backend.makeOutput(shape, 'float32');
  const factor = scale(count);
  if (count === 0) {
    floats(backend, out).fill(0 * factor);
    return out;
  }
  if (outer * inner === 0) return out;
  const { pool } = backend;
  if (inner === 1) {
    const { chunks, perChunk } = share(outer, Math.max(1, Math.ceil(32_768 / count)));
    pool.run('sumRows', chunks, [address(backend, x), address(backend, out), outer, count, factor, perChunk]);
    return out;
  }
  const pieces = Math.max(1, Math.floor(count / rowsOfPiece));
  const perPiece = Math.ceil(count / pieces);
  const used = Math.ceil(count / perPiece);
  const partial = backend.wasm._malloc(8 * outer * used * inner) >>> 0;
  const args = [address(backend, x), partial, count, inner, used, perPiece];
  // Many small sums are not worth a thread each.
  if (count * inner * outer >= 32_768 && outer * used <= 4096) pool.run('sumColumnsPartly', outer * used, args);
  else for (let chunk = 0; chunk < outer * used; chunk++) pool.runHere('sumColumnsPartly', chunk, args);
  pool.run('sumPartials', 1, [partial, address(backend, out), outer, inner, used, factor]);
  backend.wasm._free(partial);
  return out;
}

/** tf.sum. */
export const sum = defineKernel<Call['inputs'], Attrs>('Sum', (shipped) => (call) => {
  return reduce(call, () => 1) ?? shipped!(call as never);
});

/** tf.mean; over no element it is NaN, as everywhere in tfjs. */
export const mean = defineKernel<Call['inputs'], Attrs>('Mean', (shipped) => (call) => {
  return reduce(call, (count) => 1 / count) ?? shipped!(call as never);
});
