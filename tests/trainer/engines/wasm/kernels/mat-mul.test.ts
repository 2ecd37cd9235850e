import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectSameOnBoth, noise, noiseTensor, onBoth } from '#tests/trainer/engines/compare-engines.ts';

const sides = [false, true];

describe('matMul on wasm', () => {
  for (const transposeA of sides) {
    for (const transposeB of sides) {
      const label = `${transposeA ? 'aᵀ' : 'a'} · ${transposeB ? 'bᵀ' : 'b'}`;
      for (const [rows, inner, columns] of [
        [1, 1, 1],
        [3, 5, 7],
        [64, 100, 33],
        [17, 1024, 8],
        [96, 4096, 32],
      ]) {
        it(`equals the CPU for ${label} of ${rows} × ${inner} × ${columns}`, async () => {
          await expectSameOnBoth(() =>
            tf.matMul(
              noiseTensor<tf.Rank.R2>(transposeA ? [inner, rows] : [rows, inner], 1),
              noiseTensor<tf.Rank.R2>(transposeB ? [columns, inner] : [inner, columns], 2),
              transposeA,
              transposeB,
            ),
          );
        });
      }
      it(`equals the CPU for a batch of ${label}, also broadcast`, async () => {
        const batches = [
          [[4], [4]],
          [[1], [4]],
          [[4], [1]],
          [
            [2, 3],
            [2, 3],
          ],
          [
            [2, 1],
            [2, 3],
          ],
          [[3], [2, 3]],
          [
            [2, 3],
            [1, 3],
          ],
        ];
        await expectSameOnBoth(() =>
          batches.map(([left, right]) => {
            const aShape = [...left, ...(transposeA ? [6, 5] : [5, 6])];
            const bShape = [...right, ...(transposeB ? [7, 6] : [6, 7])];
            // The CPU backend itself is wrong where both batches broadcast: its operands are spread out beforehand.
            const outer =
              tf.getBackend() === 'cpu' ? tf.broadcast_util.assertAndGetBroadcastShape(left, right) : undefined;
            const spread = (shape: number[], seed: number) =>
              tf.broadcastTo(tf.tensor(noise(shape, seed), shape), [
                ...(outer ?? shape.slice(0, -2)),
                ...shape.slice(-2),
              ]);
            return tf.matMul(spread(aShape, 1), spread(bShape, 2), transposeA, transposeB);
          }),
        );
      });
    }
  }

  it('gives an empty or zero result for empty operands', async () => {
    await expectSameOnBoth(() => [tf.matMul(tf.zeros([0, 3]), tf.zeros([3, 2]))]);
  });

  it('names both shapes when the inner sizes differ', async () => {
    await expect(onBoth(() => tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 5])))).rejects.toThrow(/2,3.*4,5/);
  });

  it('uses the new values of a weight that replaced another one', async () => {
    await expectSameOnBoth(() => {
      const a = noiseTensor<tf.Rank.R2>([4, 6]);
      const weight = tf.variable(noiseTensor<tf.Rank.R2>([6, 3], 2));
      const before = tf.matMul(a, weight);
      weight.assign(tf.mul(weight, tf.scalar(2)));
      const after = tf.matMul(a, weight);
      weight.dispose();
      return [before, after];
    });
  });
});

describe('one set of values under two shapes, on the right of a product on wasm', () => {
  it('is taken in each shape, though XNNPACK remembers the first', async () => {
    await expectSameOnBoth(() => {
      const values = noiseTensor<tf.Rank.R1>([24], 2);
      const shapes = [
        [4, 6],
        [8, 3],
        [2, 12],
        [4, 6],
      ];
      return shapes.map(([inner, columns]) =>
        tf.matMul(noiseTensor<tf.Rank.R2>([5, inner]), tf.reshape(values, [inner, columns]) as tf.Tensor2D),
      );
    });
  });
});
