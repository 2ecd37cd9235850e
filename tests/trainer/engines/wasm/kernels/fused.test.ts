import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { expectSameOnBoth, noiseTensor } from '#tests/trainer/engines/compare-engines.ts';
import { adamwStep } from '#trainer/engines/ops/adamw-step.ts';
import { attention } from '#trainer/engines/ops/attention.ts';
import { causalConv } from '#trainer/engines/ops/causal-conv.ts';
import { dense } from '#trainer/engines/ops/dense.ts';
import { dropoutWith } from '#trainer/engines/ops/dropout.ts';
import { gelu } from '#trainer/engines/ops/gelu.ts';
import { gruLayer } from '#trainer/engines/ops/gru-layer.ts';
import { layerNorm } from '#trainer/engines/ops/layer-norm.ts';
import { lstmLayer } from '#trainer/engines/ops/lstm-layer.ts';
import { gatherWindows } from '#trainer/engines/ops/windows.ts';
import { openDraw } from '#trainer/engines/random/mask.ts';

/** Value and gradients of Σ f(inputs) · noise. */
function withGradients(f: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): tf.Tensor[] {
  const value = f(...inputs);
  const direction = noiseTensor(value.shape as [number], 77);
  const { grads } = tf.valueAndGrads((...given: tf.Tensor[]) => tf.sum(tf.mul(f(...given), direction)) as tf.Scalar)(
    inputs,
  );
  return [value, ...grads];
}

describe('fused kernels compute what plain operations compute', () => {
  // More rows than a band, than a chunk and than a tile, and such as do not fill them; one step and many.
  it.each([
    [5, 3, 4, 8],
    [1, 2, 3, 4],
    [7, 83, 5, 12],
  ])('gru: %i steps, batch %i, %i features, %i units', async (steps, batch, features, units) => {
    await expectSameOnBoth(() => {
      const inputs = [[steps, batch, features], [features, 3 * units], [units, 3 * units], [3 * units]];
      return withGradients(
        (x, kernel, recurrent, bias) =>
          gruLayer(x as tf.Tensor3D, kernel as tf.Tensor2D, recurrent as tf.Tensor2D, bias as tf.Tensor1D, {
            inputGradient: true,
          }),
        inputs.map((shape, i) => noiseTensor(shape as [number], i + 1)),
      );
    });
  });

  it.each([
    [5, 3, 4, 8],
    [1, 2, 3, 4],
    [7, 83, 5, 12],
  ])('lstm: %i steps, batch %i, %i features, %i units', async (steps, batch, features, units) => {
    await expectSameOnBoth(() => {
      const inputs = [[steps, batch, features], [features, 4 * units], [units, 4 * units], [4 * units]];
      return withGradients(
        (x, kernel, recurrent, bias) =>
          lstmLayer(x as tf.Tensor3D, kernel as tf.Tensor2D, recurrent as tf.Tensor2D, bias as tf.Tensor1D, {
            inputGradient: true,
          }),
        inputs.map((shape, i) => noiseTensor(shape as [number], i + 1)),
      );
    });
  });

  it.each([
    [3, 8, 8, 2],
    [70, 5, 12, 3],
    [2, 43, 32, 4],
  ])('attention: batch %i, %i tokens of %i, %i heads', async (batch, tokens, width, heads) => {
    await expectSameOnBoth(() =>
      withGradients(
        (q, k, v) => attention(q as tf.Tensor3D, k as tf.Tensor3D, v as tf.Tensor3D, heads),
        [1, 2, 3].map((seed) => tf.mul(noiseTensor([batch, tokens, width] as [number, number, number], seed), 2)),
      ),
    );
  });

  it.each([
    [3, 5],
    [700, 16],
    [1000, 33],
    [70, 1154],
  ])('layer norm of %i rows of %i', async (rows, width) => {
    await expectSameOnBoth(() =>
      withGradients(
        (x, gamma, beta) => layerNorm(x, gamma as tf.Tensor1D, beta as tf.Tensor1D),
        [
          noiseTensor([rows, width] as [number, number], 1),
          noiseTensor([width] as [number], 2),
          noiseTensor([width] as [number], 3),
        ],
      ),
    );
  });

  it.each([
    [5, 7, 3],
    [300, 64, 64],
    [97, 300, 2],
  ])('dense: %i rows, %i in, %i out', async (rows, inner, columns) => {
    for (const relu of [false, true]) {
      await expectSameOnBoth(() =>
        withGradients(
          (x, kernel, bias) => dense(x as tf.Tensor2D, kernel as tf.Tensor2D, bias as tf.Tensor1D, { relu }),
          [
            noiseTensor([rows, inner] as [number, number], 1),
            noiseTensor([inner, columns] as [number, number], 2),
            noiseTensor([columns] as [number], 3),
          ],
        ),
      );
    }
  });

  it('gelu', async () => {
    await expectSameOnBoth(() => withGradients((x) => gelu(x), [tf.mul(noiseTensor([4001] as [number]), 6)]));
  });

  it.each([
    // have, width, taps, channels, steps, stride: cut off, filled with zeros in front, one tap, wide.
    [10, 3, 3, 5, 4, 1],
    [10, 3, 3, 5, 4, 2],
    [4, 2, 3, 8, 4, 1],
    [3, 2, 3, 4, 3, 2],
    [9, 4, 1, 6, 5, 2],
    [64, 16, 3, 32, 60, 1],
  ] as const)('causal convolution: %i steps of %i, %i taps, %i channels, %i out, stride %i', async (...measures) => {
    const [have, width, taps, channels, steps, stride] = measures;
    for (const relu of [true, false]) {
      await expectSameOnBoth(() => {
        const inputs = [[19, have * width], [taps, width, channels], [channels]];
        return withGradients(
          (x, kernel, bias) =>
            causalConv({ values: x as tf.Tensor2D, steps: have, width }, kernel as tf.Tensor3D, bias as tf.Tensor1D, {
              ...{ steps, stride, relu },
              inputGradient: true,
            }).values,
          inputs.map((shape, i) => noiseTensor(shape as [number], i + 1)),
        );
      });
    }
  });

  it.each([
    [
      [7, 5],
      [7, 5],
    ],
    [
      [6, 4, 8],
      [6, 1, 8],
    ],
    [
      [5, 3, 8],
      [1, 3, 8],
    ],
    [[40_003], [40_003]],
  ])('dropout of %j with a mask of %j', async (shape, maskShape) => {
    await expectSameOnBoth(() =>
      withGradients((x) => dropoutWith(x, { ...openDraw(3, 9, 1, 0.3), maskShape }), [noiseTensor(shape as [number])]),
    );
  });

  it.each([3, 1000, 40_003])('a step of AdamW over %i weights', async (count) => {
    await expectSameOnBoth(() => {
      const [w, m, g, decay] = [1, 2, 3, 4].map((seed) => noiseTensor([count] as [number], seed) as tf.Tensor1D);
      const v = tf.square(noiseTensor([count] as [number], 5) as tf.Tensor1D);
      const inputs = { w, m, v, g, decay: tf.step(decay), scale: tf.scalar(0.7) };
      return adamwStep(inputs, { rate: 0.01, epsilon: 1e-3, shrink: 0.1, beta1: 0.9, beta2: 0.99 });
    });
  });

  it('windows gathered from the feature matrix', async () => {
    await expectSameOnBoth(() =>
      gatherWindows(noiseTensor([50, 3] as [number, number]), Int32Array.from([7, 49, 20, 20]), 8),
    );
  });

  it.each(['sigmoid', 'sqrt', 'square', 'neg', 'abs', 'relu', 'step'] as const)(
    '%s of small, large and odd numbers',
    async (name) => {
      await expectSameOnBoth(() => {
        const spread = [1e-30, 1e-8, 1e-3, 0.1, 0.24, 0.26, 0.7, 1, 3, 9, 20, 80, Infinity].flatMap((x) =>
          name === 'sqrt' ? [x] : [x, -x],
        );
        const limited = name === 'square' ? spread.filter(Number.isFinite) : spread;
        return tf[name](tf.tensor1d([...limited, NaN]));
      });
    },
  );
});
