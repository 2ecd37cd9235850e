import * as tf from '@tensorflow/tfjs-core';
import { causalConv } from '#trainer/engines/ops/causal-conv.ts';

interface Measurement {
  /** Billions of floating point operations a second in a product of two 512 × 512 matrices, read back. */
  readonly gflops: number;
  /** Windows a second in training a small network: 256 windows of 64 × 16, one hidden layer of 256. */
  readonly samplesPerSecond: number;
}

const size = 512;
const batch = 256;
const inputs = 64 * 16;
const hidden = 256;

/**
 * Works the open engine the way training does: products, a gradient through a convolution, and reading back. Throws when
 * a result is wrong. `now` counts milliseconds.
 */
export async function measureEngine(now: () => number = () => performance.now()): Promise<Measurement> {
  await checkConvolution();
  const a = tf.fill([size, size], 0.5);
  const gflops = await rate(now, 2 * size ** 3 * 1e-9, async () => {
    const product = tf.tidy(() => tf.sum(tf.matMul(a as tf.Tensor2D, a as tf.Tensor2D)));
    const [sum] = await product.data();
    product.dispose();
    if (sum !== size ** 3 / 4)
      throw new Error(`a product of ${size} × ${size} summed to ${sum}, expected ${size ** 3 / 4}`);
  });
  a.dispose();

  const x = tf.fill([batch, inputs], 0.01) as tf.Tensor2D;
  const weights = [tf.fill([inputs, hidden], 0.01), tf.fill([hidden, 1], 0.01)];
  const gradients = tf.grads((first, second) =>
    tf.mean(tf.square(tf.matMul(tf.relu(tf.matMul(x, first as tf.Tensor2D)), second as tf.Tensor2D))),
  );
  const samplesPerSecond = await rate(now, batch, async () => {
    const sums = tf.tidy(() => gradients(weights).map((gradient) => tf.sum(gradient)));
    for (const sum of sums) await sum.data();
    tf.dispose(sums);
  });
  tf.dispose([x, ...weights]);
  return { gflops, samplesPerSecond };
}

/** `amount` of work a second: once to warm up, then for at least 100 ms or three times. */
async function rate(now: () => number, amount: number, work: () => Promise<void>): Promise<number> {
  await work();
  const start = now();
  let rounds = 0;
  while (rounds < 3 || now() - start < 100) {
    await work();
    rounds++;
  }
  return (amount * rounds * 1000) / Math.max(now() - start, 1e-3);
}

/** The gradient of a sum of a convolution of ones with respect to its kernel counts the steps that each tap sees. */
async function checkConvolution(): Promise<void> {
  const gradient = tf.tidy(() => {
    const x = { values: tf.ones([1, 4]) as tf.Tensor2D, steps: 4, width: 1 };
    const attrs = { steps: 4, stride: 1, relu: false, inputGradient: false } as const;
    const convolve = (kernel: tf.Tensor) => causalConv(x, kernel as tf.Tensor3D, tf.zeros([1]), attrs).values;
    return tf.grad((kernel) => tf.sum(convolve(kernel)))(tf.ones([3, 1, 1]));
  });
  const counts = Array.from(await gradient.data());
  gradient.dispose();
  const expected = [2, 3, 4];
  if (counts.some((count, index) => count !== expected[index])) {
    throw new Error(`the gradient of a convolution is ${counts.join(' ')}, expected ${expected.join(' ')}`);
  }
}
