import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '#core/config/model.ts';
import { dlinear } from '#core/models/dlinear.ts';
import { GraphBuilder } from './graph-export.ts';
import { graphDense } from './graph-layers.ts';
import { denseParameters, finder } from './layer-parameters.ts';
import type { Model, ModelShape, Parameter } from './model.ts';

/** Bars in the moving average that is called trend. */
const averaged = 25;
const side = (averaged - 1) / 2;

/**
 * DLinear (Zeng et al. 2023, arXiv 2205.13504): each feature is split into a trend, its centred moving average over 25 bars
 * with the first and last bar repeated at the ends, and the season, which is the rest. A linear map of each over time,
 * shared by the features; their sum is read by a linear head. No dropout.
 *
 *     [B, L, F] → season and trend [B·F, L] → sum [B·F, p] → [B, F·p] → [B, K]         P = 2(L·p + p) + (F·p + 1)K
 *
 * Parameters: `season/kernel` [L, p], `season/bias`, `trend/kernel` [L, p], `trend/bias`, `head/kernel` [F·p, K],
 * `head/bias`.
 */
export function buildDlinear(config: ModelConfig, shape: ModelShape): Model {
  const { outputs: width } = dlinear.sizes[config.variant];
  const { lookback, features, outputs } = shape;
  const parameters: Parameter[] = [
    ...denseParameters('season', lookback, width, 'glorot'),
    ...denseParameters('trend', lookback, width, 'glorot'),
    ...denseParameters('head', features * width, outputs, 'glorot'),
  ];
  const find = finder(parameters);
  return {
    shape,
    parameters,
    forward(weights, x) {
      const { kernel, bias } = find(weights);
      const batch = x.shape[0];
      const trend = movingAverage(x);
      // Both side by side along time: one transpose and one product serve the two maps.
      const both = tf.transpose(tf.concat([tf.sub(x, trend), trend], 1), [0, 2, 1]);
      const series = tf.reshape(both, [batch * features, 2 * lookback]) as tf.Tensor2D;
      const maps = tf.concat([kernel('season'), kernel('trend')], 0) as tf.Tensor2D;
      const mapped = tf.add(tf.matMul(series, maps), tf.add(bias('season'), bias('trend')));
      const flat = tf.reshape(mapped, [batch, features * width]) as tf.Tensor2D;
      return tf.add(tf.matMul(flat, kernel('head')), bias('head'));
    },
    toGraph() {
      const graph = new GraphBuilder(parameters, shape);
      const taken = Array.from({ length: lookback * averaged }, (_, i) =>
        Math.min(Math.max(Math.floor(i / averaged) + (i % averaged) - side, 0), lookback - 1),
      );
      const around = graph.reshape(graph.gather(graph.window, taken), [-1, lookback, averaged, features]);
      const trend = graph.mean(around, 2, false);
      const [season, slow] = [graph.subtract(graph.window, trend), trend].map((part, i) => {
        const series = graph.reshape(graph.transpose(part, [0, 2, 1]), [-1, lookback]);
        return graphDense(graph, series, i === 0 ? 'season' : 'trend');
      });
      const flat = graph.reshape(graph.add(season, slow), [-1, features * width]);
      return graph.finish(graphDense(graph, flat, 'head'));
    },
  };
}

/** Centred moving average over time of x [B, L, F], the first and last bar repeated at the ends. */
function movingAverage(x: tf.Tensor3D): tf.Tensor3D {
  const [batch, steps, features] = x.shape;
  const repeated = (step: number): tf.Tensor3D[] => {
    const bar = tf.slice(x, [0, step, 0], [batch, 1, features]);
    return Array.from({ length: side }, () => bar);
  };
  const padded = tf.concat([...repeated(0), x, ...repeated(steps - 1)], 1);
  const image = tf.reshape(padded, [batch, steps + 2 * side, 1, features]) as tf.Tensor4D;
  return tf.reshape(tf.avgPool(image, [averaged, 1], 1, 'valid'), [batch, steps, features]);
}
