import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '#core/config/model.ts';
import { tsmixer } from '#core/models/tsmixer.ts';
import { dense } from '#trainer/engines/ops/dense.ts';
import { layerNorm } from '#trainer/engines/ops/layer-norm.ts';
import { GraphBuilder, type Wire } from './graph-export.ts';
import { graphDense, graphLayerNorm, graphStandardise } from './graph-layers.ts';
import { denseParameters, finder, normParameters } from './layer-parameters.ts';
import type { Graph, Model, ModelShape, Parameter } from './model.ts';

/**
 * TSMixer (Chen et al. 2023, arXiv 2303.06053): blocks that mix each feature over time, then each step over features.
 *
 *     x̂ = (x − mean)/√(var + 1e-5)      of each feature over the window (RevIN, Kim 2022, without its affine part)
 *     h = h + drop(relu(dense over time of norm(h)))                               nb blocks, [B, L, F] throughout
 *     h = h + drop(dense F(drop(relu(dense ff(norm(h))))))
 *     y = head(all of h·√(var + 1e-5) + mean)                                      [B, L·F] → [B, K]
 *
 *     P = nb(L² + L + 2F·ff + ff + F + 4L·F) + (L·F + 1)K
 *
 * `norm` is layer normalisation over time and features together, γ and β [L·F] each: `norm_type` 'L' of the authors'
 * code (google-research, `tsmixer_basic`), whose norms have the axes [-2, -1]. The paper trains with batch normalisation
 * over the same axes; a layer's depends on no other sample of the batch and keeps no running mean, so a run resumes
 * exactly. The paper forecasts each feature and has no head that puts out one number: this one reads what the blocks make
 * of all features, side by side. Mixing over time transposes, so that the weights stand on the right of the product:
 * engines pack that side, and from the left they would pack the whole batch, at twice the time on WASM.
 *
 * Parameters: `block_<b>_time_norm/gamma` and `/beta` [L·F], `block_<b>_time/kernel` [L, L] and `/bias`,
 * `block_<b>_feature_norm/…`, `block_<b>_in/kernel` [F, ff] and `/bias`, `block_<b>_out/kernel` [ff, F] and `/bias`, …,
 * `head/kernel` [L·F, K], `head/bias`. Of L·F numbers those of a bar stand together.
 */
export function buildTsmixer(config: ModelConfig, shape: ModelShape): Model {
  const { hidden, blocks } = tsmixer.sizes[config.variant];
  const { lookback, features, outputs } = shape;
  const names = Array.from({ length: blocks }, (_, b) => `block_${b + 1}`);
  const parameters: Parameter[] = [
    ...names.flatMap((name) => [
      ...normParameters(`${name}_time_norm`, lookback * features),
      ...denseParameters(`${name}_time`, lookback, lookback, 'residual'),
      ...normParameters(`${name}_feature_norm`, lookback * features),
      ...denseParameters(`${name}_in`, features, hidden, 'he'),
      ...denseParameters(`${name}_out`, hidden, features, 'residual'),
    ]),
    ...denseParameters('head', lookback * features, outputs, 'glorot'),
  ];
  const find = finder(parameters);

  return {
    shape,
    parameters,
    forward(weights, x, dropout) {
      const { kernel, bias, gamma, beta } = find(weights);
      const batch = x.shape[0];
      const window: [number, number] = [batch, lookback * features];
      const steps: [number, number] = [batch * lookback, features];
      const mean = tf.mean(x, 1, true);
      const centred = tf.sub(x, mean);
      const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), 1, true), tf.scalar(1e-5)));
      let h = tf.reshape(tf.div(centred, deviation), steps) as tf.Tensor2D;
      names.forEach((name, b) => {
        const norm = (layer: string): tf.Tensor2D =>
          tf.reshape(layerNorm(tf.reshape(h, window), gamma(layer), beta(layer)), steps);
        const before = swap(norm(`${name}_time_norm`), [batch, lookback, features]);
        const overTime = dense(before, kernel(`${name}_time`), bias(`${name}_time`), { relu: true });
        const mixed = dropout(overTime, 3 * b, [batch * features, lookback]);
        h = tf.add(h, swap(mixed, [batch, features, lookback]));
        const wide = dense(norm(`${name}_feature_norm`), kernel(`${name}_in`), bias(`${name}_in`), { relu: true });
        const active = dropout(wide, 3 * b + 1, [batch * lookback, hidden]);
        const narrow = dense(active, kernel(`${name}_out`), bias(`${name}_out`));
        h = tf.add(h, dropout(narrow, 3 * b + 2, steps));
      });
      const restored = tf.add(tf.mul(tf.reshape(h, [batch, lookback, features]), deviation), mean);
      return dense(tf.reshape(restored, window), kernel('head'), bias('head'));
    },
    toGraph: () => writeGraph(names, parameters, shape),
  };
}

/** [a·b, c] as [a·c, b]: the last two axes of [a, b, c] change places. */
function swap(x: tf.Tensor2D, [a, b, c]: readonly [number, number, number]): tf.Tensor2D {
  return tf.reshape(tf.transpose(tf.reshape(x, [a, b, c]), [0, 2, 1]), [a * c, b]);
}

function writeGraph(names: readonly string[], parameters: readonly Parameter[], shape: ModelShape): Graph {
  const { lookback, features } = shape;
  const graph = new GraphBuilder(parameters, shape);
  const { normal, mean, deviation } = graphStandardise(graph, graph.window, 1);
  const window = [-1, lookback * features];
  const norm = (x: Wire, name: string): Wire => graphLayerNorm(graph, graph.reshape(x, window), name, 1);
  let h = normal;
  for (const name of names) {
    const whole = graph.reshape(norm(h, `${name}_time_norm`), [-1, lookback, features]);
    const series = graph.transpose(whole, [0, 2, 1]);
    const overTime = graphDense(graph, graph.reshape(series, [-1, lookback]), `${name}_time`);
    const mixed = graph.reshape(graph.op('Relu', [overTime]), [-1, features, lookback]);
    h = graph.add(h, graph.transpose(mixed, [0, 2, 1]));
    const steps = graph.reshape(norm(h, `${name}_feature_norm`), [-1, features]);
    const active = graph.op('Relu', [graphDense(graph, steps, `${name}_in`)]);
    h = graph.add(h, graph.reshape(graphDense(graph, active, `${name}_out`), [-1, lookback, features]));
  }
  const restored = graph.add(graph.multiply(h, deviation), mean);
  return graph.finish(graphDense(graph, graph.reshape(restored, window), 'head'));
}
