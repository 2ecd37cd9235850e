import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';

/** x·kernel + bias, then ReLU if wanted: [B, in] → [B, out] with kernel [in, out] and bias [out]. */
export function dense(
  x: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias: tf.Tensor1D,
  { relu = false, inputGradient = true }: { readonly relu?: boolean; readonly inputGradient?: boolean } = {},
): tf.Tensor2D {
  if (tf.getKernel('AlmanacDense', tf.getBackend()) === undefined) {
    const sum = tf.add(tf.matMul(x, kernel), bias) as tf.Tensor2D;
    return relu ? tf.relu(sum) : sum;
  }
  const op = tf.customGrad<tf.Tensor2D>((...inputs) => {
    const [x, kernel, bias] = inputs as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    const save = inputs[3] as tf.GradSaveFunc;
    const [y] = runFused('AlmanacDense', { x, kernel, bias }, { relu }) as [tf.Tensor2D];
    save(relu ? [x, kernel, y] : [x, kernel]);
    const gradFunc = (dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, y] = saved as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D | undefined];
      const [d] = y === undefined ? [dy] : (runFused('AlmanacReluGrad', { dy, y }) as [tf.Tensor2D]);
      const dx = inputGradient ? tf.matMul(d, kernel, false, true) : tf.zerosLike(x);
      return [dx, tf.matMul(x, d, true), tf.sum(d, 0)];
    };
    return { value: y, gradFunc };
  });
  return op(x, kernel, bias);
}
