import * as tf from '@tensorflow/tfjs-core';
import { defineKernel, op } from './define.ts';

interface Attrs {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/** tf.sum. Over the rows of a matrix it is the gradient of a bias, which TensorFlow does in vectors and by several threads. */
export const sum = defineKernel<{ readonly x: tf.TensorInfo }, Attrs>('Sum', ({ inputs: { x }, attrs, backend }) => {
  const { axis, keepDims } = attrs;
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const overRows = x.dtype === 'float32' && x.shape.length === 2 && axes.length === 1 && axes[0] === 0;
  if (overRows && !keepDims && x.shape[0] > 0) return op(backend, 'BiasAddGrad', [x]);
  const { TF_FLOAT, TF_INT32 } = backend.binding;
  const types = { T: x.dtype === 'float32' ? TF_FLOAT : TF_INT32, Tidx: TF_INT32 };
  return op(backend, 'Sum', [x, tf.tensor1d(axes, 'int32')], { types, flags: { keep_dims: keepDims } });
});
