import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '#core/config/model.ts';
import { countPatches, patchLength, patchStride } from '#core/models/patch-plan.ts';
import { patchtst } from '#core/models/patchtst.ts';
import { attention } from '#trainer/engines/ops/attention.ts';
import { dense } from '#trainer/engines/ops/dense.ts';
import { gelu } from '#trainer/engines/ops/gelu.ts';
import { layerNorm } from '#trainer/engines/ops/layer-norm.ts';
import { denseParameters, finder, normParameters } from './layer-parameters.ts';
import type { Model, ModelShape, Parameter } from './model.ts';
import { cutPatches } from './patches.ts';
import { patchtstGraph } from './patchtst-graph.ts';

/**
 * PatchTST (Nie et al. 2023, arXiv 2211.14730): attention over patches of 16 bars, one every 8, the last bar repeated 8
 * times at the end, so N = ⌊(L − 16)/8⌋ + 2; windows below 16 bars have patches of L bars. Where channels mix, a patch
 * holds all features (c = F) and a window is one series (s = 1); where they are independent, each feature is a series
 * (c = 1, s = F) with the same weights.
 *
 *     h = dense(patch) + position           [B·series, N, 16c] → [B·series, N, d]
 *     h = norm(h + drop(attention(h)))      n layers; q, k, v and o are dense d → d with bias
 *     h = norm(h + drop(dense d(gelu(dense dff(h)))))
 *     y = head(all tokens of h)             [B, s·N·d] → [B, K]
 *
 *     P = 16c·d + d + N·d + n(4d² + 4d + 2d·dff + d + dff + 4d) + (s·N·d + 1)K
 *
 * The paper forecasts each series by itself, with a head on its flattened tokens, and has none that puts out one number.
 * Here the head reads the flattened tokens of all series side by side: a head of its own for each, and their sum. (A head
 * for regression in the authors' self-supervised code joins the series in the same way, but reads the last token of each.)
 *
 * Layer normalisation where the paper's code has batch normalisation: it depends on no other sample of the batch and
 * resumes exactly. No normalisation of the window: features come standardised.
 *
 * Parameters: `patch/kernel` [16c, d] and `/bias`, `position/kernel` [N, d], then a layer `layer_<n>_query`, `_key`,
 * `_value`, `_attention_out`, `_attention_norm`, `_in`, `_out`, `_norm`, …, `head/kernel` [s·N·d, K], `head/bias`. A
 * patch's inputs run over bars, and over features within a bar; the head's over series, tokens and width.
 */
export function buildPatchtst(config: ModelConfig, shape: ModelShape): Model {
  const { width, hidden, heads, layers } = patchtst.sizes[config.variant];
  const { lookback, features, outputs } = shape;
  const independent = config.channels === 'independent';
  const [own, columns] = independent ? [features, 1] : [1, features];
  const patches = countPatches(lookback);
  const bars = patchLength(lookback);
  const names = Array.from({ length: layers }, (_, n) => `layer_${n + 1}`);
  const parameters: Parameter[] = [
    ...denseParameters('patch', bars * columns, width, 'glorot'),
    { name: 'position/kernel', shape: [patches, width], initializer: 'position', decay: true },
    ...names.flatMap((name) => [
      ...denseParameters(`${name}_query`, width, width, 'glorot'),
      ...denseParameters(`${name}_key`, width, width, 'glorot'),
      ...denseParameters(`${name}_value`, width, width, 'glorot'),
      ...denseParameters(`${name}_attention_out`, width, width, 'glorot'),
      ...normParameters(`${name}_attention_norm`, width),
      ...denseParameters(`${name}_in`, width, hidden, 'glorot'),
      ...denseParameters(`${name}_out`, hidden, width, 'glorot'),
      ...normParameters(`${name}_norm`, width),
    ]),
    ...denseParameters('head', own * patches * width, outputs, 'glorot'),
  ];
  const find = finder(parameters);

  return {
    shape,
    parameters,
    forward(weights, x, dropout) {
      const { kernel, bias, gamma, beta } = find(weights);
      const layer = (input: tf.Tensor2D, name: string, options?: { readonly inputGradient: boolean }): tf.Tensor2D =>
        dense(input, kernel(name), bias(name), options);
      const batch = x.shape[0];
      const series = batch * own;
      const rows = tf.reshape(independent ? tf.transpose(x, [0, 2, 1]) : x, [series, lookback * columns]);
      const size: [number, number, number] = [series, patches, width];
      const flat: [number, number] = [series * patches, width];
      const cut = cutPatches(rows as tf.Tensor2D, { columns, patches, bars, stride: patchStride });
      const tokens = layer(cut, 'patch', { inputGradient: false });
      let h = tf.reshape(tf.add(tf.reshape(tokens, size), kernel('position')), flat) as tf.Tensor2D;
      names.forEach((name, n) => {
        const part = (which: string) => tf.reshape(layer(h, `${name}_${which}`), size) as tf.Tensor3D;
        const seen = tf.reshape(attention(part('query'), part('key'), part('value'), heads), flat) as tf.Tensor2D;
        const attended = dropout(layer(seen, `${name}_attention_out`), 2 * n, flat);
        h = layerNorm(tf.add(h, attended), gamma(`${name}_attention_norm`), beta(`${name}_attention_norm`));
        const fed = dropout(layer(gelu(layer(h, `${name}_in`)), `${name}_out`), 2 * n + 1, flat);
        h = layerNorm(tf.add(h, fed), gamma(`${name}_norm`), beta(`${name}_norm`));
      });
      return layer(tf.reshape(h, [batch, own * patches * width]), 'head');
    },
    toGraph: () => patchtstGraph(names, parameters, shape, { width, heads, independent }),
  };
}
