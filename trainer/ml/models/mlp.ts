import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { ModelConfig } from '#core/config/model.ts';
import { mlp } from '#core/models/mlp.ts';
import { dense } from '#trainer/engines/ops/dense.ts';
import { layersModel } from './export.ts';
import type { Model, ModelShape, Parameter } from './model.ts';

/**
 * Multi-layer perceptron on the flattened window: (dense → ReLU → dropout) a width, then a linear head.
 * Parameters: `dense_<n>/kernel` [in, units], `dense_<n>/bias` [units], …, `head/kernel`, `head/bias`.
 */
export function buildMlp(config: ModelConfig, shape: ModelShape): Model {
  const { units } = mlp.sizes[config.variant];
  const widths = [shape.lookback * shape.features, ...units, shape.outputs];
  const parameters = widths.slice(1).flatMap((width, i): Parameter[] => {
    const last = i === units.length;
    const name = last ? 'head' : `dense_${i + 1}`;
    return [
      { name: `${name}/kernel`, shape: [widths[i], width], initializer: last ? 'glorot' : 'he', decay: true },
      { name: `${name}/bias`, shape: [width], initializer: 'zeros', decay: false },
    ];
  });
  return {
    shape,
    parameters,
    forward(weights, x, dropout) {
      const batch = x.shape[0];
      const layer = (from: tf.Tensor2D, i: number, options: Parameters<typeof dense>[3]) =>
        dense(from, weights[2 * i] as tf.Tensor2D, weights[2 * i + 1] as tf.Tensor1D, options);
      let h = tf.reshape(x, [batch, widths[0]]) as tf.Tensor2D;
      units.forEach((width, i) => {
        h = dropout(layer(h, i, { relu: true, inputGradient: i > 0 }), i, [batch, width]);
      });
      return layer(h, units.length, {});
    },
    toLayersModel(weights) {
      const input = layers.input({ shape: [shape.lookback, shape.features], name: 'window' });
      let h = layers.layers.flatten({ name: 'flatten' }).apply(input);
      units.forEach((width, i) => {
        h = layers.layers.dense({ units: width, activation: 'relu', name: `dense_${i + 1}` }).apply(h);
      });
      const output = layers.layers.dense({ units: shape.outputs, name: 'head' }).apply(h);
      return layersModel(input, output, parameters, weights);
    },
  };
}
