import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectSameOnBoth, noise, onBoth } from '#tests/trainer/engines/compare-engines.ts';
import { gruLayer } from '#trainer/engines/ops/gru-layer.ts';

describe('sums and means on wasm', () => {
  it('equal the CPU over every set of axes', async () => {
    const shape = [3, 4, 5, 2];
    const subsets = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].filter((axis) => (bits >> axis) & 1)).slice(1);
    await expectSameOnBoth(() =>
      subsets.flatMap((axes) => {
        const x = tf.tensor(noise(shape), shape);
        return [tf.sum(x, axes), tf.sum(x, axes, true), tf.mean(x, axes), tf.mean(x, axes, true)];
      }),
    );
  });

  it('count integers and booleans', async () => {
    await expectSameOnBoth(() => [
      tf.sum(tf.tensor([1, 2, 3, 4], [2, 2], 'int32'), 0),
      tf.sum(tf.tensor([1, 0, 1, 1], [2, 2], 'bool')),
      tf.sum(tf.zeros([0])),
      tf.sum(tf.zeros([3, 0]), 1),
    ]);
  });

  it('stay exact for a million equal values, where single precision drifts', async () => {
    const { wasm } = await onBoth(() => tf.mean(tf.fill([1_000_000], 0.1)));
    expect(wasm[0].values[0]).toBe(Math.fround(0.1));
  });
});

describe('tanh in a recurrent layer on wasm', () => {
  /** A step of a GRU whose update gate is shut gives tanh of its input. */
  const tanhOf = async (inputs: Float32Array): Promise<Float32Array> => {
    const { wasm } = await onBoth(() => {
      const candidate = [...new Array<number>(8).fill(0), 1, 1, 1, 1];
      const bias = [-200, -200, -200, -200, ...new Array<number>(8).fill(0)];
      const x = tf.tensor3d(inputs, [1, inputs.length, 1]);
      const states = gruLayer(x, tf.tensor2d(candidate, [1, 12]), tf.zeros([4, 12]), tf.tensor1d(bias), {
        inputGradient: false,
      });
      return tf.slice(states, [0, 0, 0], [1, inputs.length, 1]);
    });
    return wasm[0].values as Float32Array;
  };

  it('is within 1e-6 of the exact value everywhere, and odd', async () => {
    const inputs = Float32Array.from({ length: 60_001 }, (_, index) => (index - 30_000) / 1500);
    const outputs = await tanhOf(inputs);
    let worst = 0;
    let asymmetry = 0;
    inputs.forEach((input, index) => {
      worst = Math.max(worst, Math.abs(outputs[index] - Math.tanh(input)));
      asymmetry = Math.max(asymmetry, Math.abs(outputs[index] + outputs[inputs.length - 1 - index]));
    });
    expect(worst).toBeLessThan(1e-6);
    expect(asymmetry).toBeLessThan(1e-6);
  });

  it('keeps zero and NaN, and is ±1 at the largest numbers', async () => {
    const outputs = await tanhOf(Float32Array.from([Number.NaN, 3.4e38, -3.4e38, 0]));
    expect([...outputs]).toEqual([Number.NaN, 1, -1, 0]);
  });
});

describe('casts on wasm', () => {
  it('equal the CPU between all types, and to the same one', async () => {
    await expectSameOnBoth(() => {
      const x = tf.tensor1d([0, 1, 2.5, 3]);
      const integers = tf.cast(x, 'int32');
      const flags = tf.cast(tf.tensor1d([0, 1, 1]), 'bool');
      return [
        integers,
        tf.cast(x, 'float32'),
        tf.cast(integers, 'float32'),
        tf.cast(integers, 'int32'),
        tf.cast(flags, 'float32'),
        tf.cast(flags, 'int32'),
      ];
    });
  });
});

describe('broadcast maxima and minima on wasm', () => {
  const pairs: [number[], number[]][] = [
    [
      [4, 3],
      [1, 3],
    ],
    [
      [4, 3],
      [4, 1],
    ],
    [[4, 3], [3]],
    [[1], [2, 5]],
    [
      [2, 1, 4],
      [3, 1],
    ],
    [
      [3, 2],
      [3, 2],
    ],
    [[], [3, 2]],
    [
      [0, 3],
      [1, 3],
    ],
  ];
  const operations = [tf.maximum, tf.minimum];

  it('equal the CPU for every pair of shapes', async () => {
    // Rounded to tenths, so that equal pairs occur.
    const coarse = (shape: number[], seed: number) =>
      tf.tensor(
        noise(shape, seed).map((x) => Math.round(10 * x) / 10),
        shape,
      );
    await expectSameOnBoth(() =>
      pairs.flatMap(([left, right]) => operations.map((operation) => operation(coarse(left, 1), coarse(right, 2)))),
    );
  });

  it('take integers too', async () => {
    await expectSameOnBoth(() => [
      tf.maximum(tf.tensor([1, 5, 3, 2], [2, 2], 'int32'), tf.tensor([2, 2], [1, 2], 'int32')),
    ]);
  });
});
