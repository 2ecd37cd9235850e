import * as tf from '@tensorflow/tfjs-core';
import { runFused } from './fused.ts';

/** A batch of sequences kept flat, [B, steps · width]: cutting steps off it is then one copy a row, not one a step. */
export interface Sequence {
  readonly values: tf.Tensor2D;
  readonly steps: number;
  readonly width: number;
}

export interface CausalConvAttrs {
  /** Outputs: the last so many. */
  readonly steps: number;
  readonly stride: 1 | 2;
  /** Whether a ReLU follows. */
  readonly relu: boolean;
  /** false saves the gradient of the input where it is data. */
  readonly inputGradient: boolean;
}

/**
 * Causal convolution over the last steps of a sequence: output j (from the end) reads input steps stride·j … stride·j+k−1
 * from the end; steps before the sequence are zero. `kernel` [k, in, out] with its last tap at the newest step, `bias` [out].
 * Returns `steps` outputs.
 */
export function causalConv(input: Sequence, kernel: tf.Tensor3D, bias: tf.Tensor1D, attrs: CausalConvAttrs): Sequence {
  const fused = tf.getKernel('AlmanacCausalConv', tf.getBackend()) !== undefined;
  const values = fused ? convolveFused(input.values, kernel, bias, attrs) : convolve(input, kernel, bias, attrs);
  return { values, steps: attrs.steps, width: kernel.shape[2] };
}

function convolveFused(x: tf.Tensor2D, kernel: tf.Tensor3D, bias: tf.Tensor1D, attrs: CausalConvAttrs): tf.Tensor2D {
  const op = tf.customGrad<tf.Tensor2D>((...inputs) => {
    const [x, kernel, bias] = inputs as [tf.Tensor2D, tf.Tensor3D, tf.Tensor1D];
    const save = inputs[3] as tf.GradSaveFunc;
    const [y] = runFused('AlmanacCausalConv', { x, kernel, bias }, attrs) as [tf.Tensor2D];
    save([x, kernel, y]);
    const gradFunc = (dy: tf.Tensor2D, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x, kernel, y] = saved;
      const [dKernel, dBias, dx = tf.zerosLike(x)] =
        runFused('AlmanacCausalConvGrad', { dy, y, x, kernel }, attrs) ?? [];
      return [dx, dKernel, dBias];
    };
    return { value: y, gradFunc };
  });
  return op(x, kernel, bias);
}

/** As a sum of matrix products, whose gradients every engine has and does fast. */
function convolve(
  input: Sequence,
  kernel: tf.Tensor3D,
  bias: tf.Tensor1D,
  { steps, stride, relu }: CausalConvAttrs,
): tf.Tensor2D {
  const [size, width, channels] = kernel.shape;
  // Taps are taken `stride` at a time: `groups` runs of that many neighbours cover the kernel, zeros in front if need be.
  const groups = Math.ceil(size / stride);
  const batch = input.values.shape[0];
  const padded = tail(input, stride * (steps + groups - 1));
  const run = stride * width;
  const flat = tf.reshape(kernel, [size * width, channels]) as tf.Tensor2D;
  const missing = groups * run - size * width;
  const taps = missing === 0 ? flat : tf.pad(flat, [[missing, 0], [0, 0]]); // prettier-ignore
  const products: tf.Tensor2D[] = [];
  for (let g = 0; g < groups; g++) {
    const shifted = groups === 1 ? padded : tf.slice(padded, [0, g * run], [batch, steps * run]);
    const weights = groups === 1 ? taps : tf.slice(taps, [g * run, 0], [run, channels]);
    products.push(tf.matMul(tf.reshape(shifted, [batch * steps, run]) as tf.Tensor2D, weights));
  }
  const sum = tf.add(
    products.reduce((a, b) => tf.add(a, b)),
    bias,
  );
  return tf.reshape(relu ? tf.relu(sum) : sum, [batch, steps * channels]);
}

/** Every `stride`-th step counted from the newest, the last `steps` of them. */
export function last(input: Sequence, steps: number, stride: 1 | 2): Sequence {
  const { width } = input;
  const cut = tail(input, stride * steps);
  if (stride === 1) return { values: cut, steps, width };
  const batch = cut.shape[0];
  const pairs = tf.reshape(cut, [batch * steps, stride * width]) as tf.Tensor2D;
  const newest = tf.slice(pairs, [0, (stride - 1) * width], [batch * steps, width]);
  return { values: tf.reshape(newest, [batch, steps * width]), steps, width };
}

/** The last `steps` steps, with zeros in front where the sequence is shorter. */
function tail({ values, steps: have, width }: Sequence, steps: number): tf.Tensor2D {
  if (steps === have) return values;
  if (steps > have) return tf.pad(values, [[0, 0], [(steps - have) * width, 0]]); // prettier-ignore
  return tf.slice(values, [0, (have - steps) * width], [values.shape[0], steps * width]);
}
