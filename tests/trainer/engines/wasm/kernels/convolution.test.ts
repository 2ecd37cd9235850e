import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { expectSameOnBoth, noiseTensor } from '#tests/trainer/engines/compare-engines.ts';

interface Case {
  readonly name: string;
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | number;
}

const cases: readonly Case[] = [
  { name: '1 × 1', x: [3, 4, 5, 6], filter: [1, 1, 6, 7], strides: [1, 1], pad: 'valid' },
  { name: '1 × 1, stride 2', x: [2, 5, 7, 3], filter: [1, 1, 3, 4], strides: [2, 2], pad: 'valid' },
  { name: '3 × 3, same', x: [2, 7, 6, 3], filter: [3, 3, 3, 5], strides: [1, 1], pad: 'same' },
  { name: '3 × 2, valid', x: [2, 7, 6, 3], filter: [3, 2, 3, 5], strides: [1, 1], pad: 'valid' },
  { name: '3 × 3, stride 2, same', x: [2, 8, 9, 2], filter: [3, 3, 2, 4], strides: [2, 2], pad: 'same' },
  { name: '3 × 3, explicit padding', x: [1, 5, 5, 2], filter: [3, 3, 2, 2], strides: [1, 1], pad: 2 },
  { name: 'a sequence, 5 × 1', x: [4, 32, 1, 8], filter: [5, 1, 8, 16], strides: [1, 1], pad: 'same' },
];

describe('gradients of convolutions on wasm', () => {
  for (const { name, x, filter, strides, pad } of cases) {
    it(`equal the CPU's for conv2d ${name}`, async () => {
      await expectSameOnBoth(() => {
        const loss = (input: tf.Tensor, kernel: tf.Tensor) =>
          tf.sum(tf.square(tf.conv2d(input as tf.Tensor4D, kernel as tf.Tensor4D, strides, pad)));
        return tf.grads(loss)([noiseTensor<tf.Rank.R4>(x, 1), noiseTensor<tf.Rank.R4>(filter, 2)]);
      });
    });
  }

  for (const [multiplier, pad, stride] of [
    [1, 'same', 1],
    [2, 'valid', 1],
    [3, 'same', 2],
  ] as const) {
    it(`equal the CPU's for a depthwise convolution × ${multiplier}, ${pad}, stride ${stride}`, async () => {
      await expectSameOnBoth(() => {
        const loss = (input: tf.Tensor, kernel: tf.Tensor) =>
          tf.sum(tf.square(tf.depthwiseConv2d(input as tf.Tensor4D, kernel as tf.Tensor4D, stride, pad)));
        return tf.grads(loss)([
          noiseTensor<tf.Rank.R4>([2, 6, 7, 3], 1),
          noiseTensor<tf.Rank.R4>([3, 3, 3, multiplier], 2),
        ]);
      });
    });
  }

  it("equal the CPU's for conv1d", async () => {
    await expectSameOnBoth(() => {
      const loss = (input: tf.Tensor, kernel: tf.Tensor) =>
        tf.sum(tf.square(tf.conv1d(input as tf.Tensor3D, kernel as tf.Tensor3D, 1, 'same')));
      return tf.grads(loss)([noiseTensor<tf.Rank.R3>([4, 20, 5], 1), noiseTensor<tf.Rank.R3>([3, 5, 6], 2)]);
    });
  });
});
