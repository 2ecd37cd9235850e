import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEngine } from '#trainer/engines/open.ts';
import { expectSameOnBoth, noise, onBoth } from '#tests/trainer/engines/compare-engines.ts';

const shapes: number[][] = [[7], [4, 5], [3, 4, 5], [2, 3, 4, 100], [2, 1, 3, 1, 5], [2, 3, 2, 2, 2, 2]];

describe('kernels that move values on wasm', () => {
  it('slice as the CPU, in the middle, at the edges and as a whole', async () => {
    await expectSameOnBoth(() =>
      shapes.flatMap((shape) => {
        const x = tf.tensor(noise(shape), shape);
        const begin = shape.map((size) => Math.floor(size / 3));
        const inner = shape.map((size, axis) => Math.max(1, Math.floor((size - begin[axis]) / 2)));
        return [
          tf.slice(x, begin, inner),
          tf.slice(x, begin),
          tf.slice(
            x,
            shape.map(() => 0),
            shape,
          ),
          tf.slice(x, [0, ...shape.slice(1).map(() => 0)], [1, ...shape.slice(1)]),
        ];
      }),
    );
  });

  it('slice integers, booleans and an empty part', async () => {
    await expectSameOnBoth(() => [
      tf.slice(tf.tensor([1, -2, 3, 4, 5, 6], [2, 3], 'int32'), [0, 1], [2, 2]),
      tf.slice(tf.tensor([1, 0, 1, 1, 0, 0], [3, 2], 'bool'), [1, 0], [2, 1]),
      tf.slice(tf.ones([3, 2]), [1, 0], [0, 2]),
    ]);
  });

  it('refuse a slice that leaves the tensor', async () => {
    await expect(onBoth(() => tf.slice(tf.ones([3, 2]), [2, 0], [2, 2]))).rejects.toThrow(/slice/i);
  });

  it('pad as the CPU', async () => {
    await expectSameOnBoth(() =>
      shapes
        .slice(0, 4)
        .map((shape, index) =>
          tf.pad(tf.tensor(noise(shape), shape), shape.map((_, axis) => [axis, index]) as [number, number][], index),
        ),
    );
  });

  it('split, unstack, concat and stack as the CPU along every axis', async () => {
    await expectSameOnBoth(() =>
      shapes.slice(1).flatMap((shape) => {
        const x = tf.tensor(noise(shape), shape);
        const y = tf.tensor(noise(shape, 2), shape);
        return shape.flatMap((size, axis) => [
          ...tf.split(x, size > 1 ? [1, size - 1] : [1], axis),
          ...tf.unstack(x, axis),
          tf.concat([x, y, x], axis),
          ...(shape.length < 6 ? [tf.stack([x, y], axis)] : []),
        ]);
      }),
    );
  });

  it('transpose as the CPU for every permutation of up to four axes, and some of six', async () => {
    const permutations = (items: number[]): number[][] =>
      items.length === 0
        ? [[]]
        : items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
    await expectSameOnBoth(() => [
      ...[[5], [70, 41], [3, 4, 5], [2, 1, 3], [2, 3, 4, 5], [1, 3, 1, 5]].flatMap((shape) =>
        permutations(shape.map((_, axis) => axis)).map((perm) => tf.transpose(tf.tensor(noise(shape), shape), perm)),
      ),
      tf.transpose(tf.tensor(noise([2, 3, 2, 3, 2, 2]), [2, 3, 2, 3, 2, 2]), [5, 3, 1, 0, 2, 4]),
      tf.transpose(tf.tensor(noise([2, 3, 2, 3, 2]), [2, 3, 2, 3, 2]), [0, 3, 1, 2, 4]),
    ]);
  });

  it('undo a random permutation with its inverse', async () => {
    const engine = await openEngine('wasm');
    try {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }).chain((shape) =>
            fc.tuple(
              fc.constant(shape),
              fc.shuffledSubarray(
                shape.map((_, axis) => axis),
                { minLength: shape.length },
              ),
            ),
          ),
          ([shape, perm]) => {
            const before = tf.memory().numTensors;
            const values = noise(shape);
            const back = tf.tidy(() => {
              const inverse = perm.map((_, axis) => perm.indexOf(axis));
              return tf.transpose(tf.transpose(tf.tensor(values, shape), perm), inverse);
            });
            const result = back.dataSync();
            back.dispose();
            expect(result).toEqual(values);
            expect(tf.memory().numTensors).toBe(before);
          },
        ),
        { numRuns: 100, seed: 1 },
      );
    } finally {
      engine.dispose();
    }
  });

  it('keep a clone valid after its source is gone', async () => {
    const { wasm } = await onBoth(() => {
      const x = tf.tensor1d([1, 2, 3]);
      const copy = tf.clone(x);
      x.dispose();
      const other = tf.tensor1d([7, 8, 9]);
      return [copy, other];
    });
    expect(wasm.map(({ values }) => [...values])).toEqual([
      [1, 2, 3],
      [7, 8, 9],
    ]);
  });
});
