import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { callShipped, defineKernel } from '../kernel.ts';
import { sizeOf } from '../size.ts';
import { sumRows } from './sum-rows.ts';

interface Inputs {
  readonly x: TensorInfo;
}
interface Attrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/**
 * Sum over the outer axes, which is the gradient of every bias. The shipped kernel transposes the whole tensor first (a read
 * and a write of all of it) and gives each column one workgroup; here it is read once. Other sums stay with it.
 */
export const sum = defineKernel<Inputs, Attrs>('Sum', (shipped) => (call) => {
  const { x } = call.inputs;
  const { axis, keepDims } = call.attrs;
  const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const outer = axes.length > 0 && axes.length < x.shape.length && axes.every((each, place) => each === place);
  const rows = sizeOf(x.shape.slice(0, axes.length));
  const columns = sizeOf(x.shape.slice(axes.length));
  if (!outer || x.dtype !== 'float32' || rows * columns === 0) return callShipped(shipped, 'Sum', call);
  const total = sumRows(call.backend, x, rows, columns);
  total.shape = [...(keepDims ? axes.map(() => 1) : []), ...x.shape.slice(axes.length)];
  return total;
});
