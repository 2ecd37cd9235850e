import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '#core/config/model.ts';
import { nlinear } from '#core/models/nlinear.ts';
import { GraphBuilder } from './graph-export.ts';
import { graphDense } from './graph-layers.ts';
import { denseParameters, finder } from './layer-parameters.ts';
import type { Model, ModelShape, Parameter } from './model.ts';

/**
 * NLinear (Zeng et al. 2023, arXiv 2205.13504): a linear map over time of each feature's distance to its last value, shared
 * by the features; the last value is added back to each of the p results, which a linear head reads. No dropout.
 *
 *     [B, L, F] → [B·F, L] − last → [B·F, p] + last → [B, F·p] → [B, K]         P = L·p + p + (F·p + 1)K
 *
 * Parameters: `series/kernel` [L, p], `series/bias`, `head/kernel` [F·p, K], `head/bias`.
 */
export function buildNlinear(config: ModelConfig, shape: ModelShape): Model {
  const { outputs: width } = nlinear.sizes[config.variant];
  const { lookback, features, outputs } = shape;
  const parameters: Parameter[] = [
    ...denseParameters('series', lookback, width, 'glorot'),
    ...denseParameters('head', features * width, outputs, 'glorot'),
  ];
  const find = finder(parameters);
  return {
    shape,
    parameters,
    forward(weights, x) {
      const { kernel, bias } = find(weights);
      const batch = x.shape[0];
      const series = tf.reshape(tf.transpose(x, [0, 2, 1]), [batch * features, lookback]) as tf.Tensor2D;
      const last = tf.slice(series, [0, lookback - 1], [batch * features, 1]);
      const mapped = tf.add(tf.matMul(tf.sub(series, last), kernel('series')), bias('series'));
      const flat = tf.reshape(tf.add(mapped, last), [batch, features * width]) as tf.Tensor2D;
      return tf.add(tf.matMul(flat, kernel('head')), bias('head'));
    },
    toGraph() {
      const graph = new GraphBuilder(parameters, shape);
      const last = graph.gather(graph.window, [lookback - 1]);
      const away = graph.transpose(graph.subtract(graph.window, last), [0, 2, 1]);
      const mapped = graphDense(graph, graph.reshape(away, [-1, lookback]), 'series');
      const restored = graph.add(mapped, graph.reshape(graph.transpose(last, [0, 2, 1]), [-1, 1]));
      return graph.finish(graphDense(graph, graph.reshape(restored, [-1, features * width]), 'head'));
    },
  };
}
