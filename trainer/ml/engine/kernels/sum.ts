import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { defineKernel, floats, type KernelCall } from './wasm-backend.ts';

interface Attrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}
type Call = KernelCall<{ readonly x: TensorInfo }, Attrs>;

/**
 * Sums over neighbouring axes in one pass and in double precision. tfjs transposes the whole tensor first unless the
 * axes are the last ones, and adds in single precision. Undefined when the axes are not neighbours.
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
  const from = floats(backend, x);
  const to = floats(backend, out);
  const factor = scale(count);
  if (inner === 1) {
    for (let row = 0, source = 0; row < outer; row++) {
      let total = 0;
      for (const end = source + count; source < end; source++) total += from[source];
      to[row] = total * factor;
    }
    return out;
  }
  const totals = new Float64Array(inner);
  for (let block = 0, source = 0; block < outer; block++) {
    totals.fill(0);
    for (let row = 0; row < count; row++, source += inner) {
      for (let column = 0; column < inner; column++) totals[column] += from[source + column];
    }
    for (let column = 0; column < inner; column++) to[block * inner + column] = totals[column] * factor;
  }
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
