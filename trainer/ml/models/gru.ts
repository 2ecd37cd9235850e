import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { ModelConfig } from '#core/config/model.ts';
import { gruSizes } from '#core/estimate/sizes.ts';
import { layersModel } from './export.ts';
import { gruLayer } from '../ops/gru-layer.ts';
import type { Model, ModelShape, Parameter } from './model.ts';

/**
 * Stacked GRU layers (reset before the recurrent product, as tfjs-layers has it; logistic gates, tanh candidate), dropout
 * after each layer with one mask for all steps, and a linear head on the last step. Gates stand in the order z, r, h.
 * Parameters: `gru_<n>/kernel` [in, 3h], `gru_<n>/recurrent_kernel` [h, 3h], `gru_<n>/bias` [3h], …, `head/kernel`,
 * `head/bias`.
 */
export function buildGru(config: ModelConfig, shape: ModelShape): Model {
  const { units, layers: depth } = gruSizes[config.variant];
  const parameters: Parameter[] = [];
  for (let i = 0; i < depth; i++) {
    const width = i === 0 ? shape.features : units;
    parameters.push(
      { name: `gru_${i + 1}/kernel`, shape: [width, 3 * units], initializer: 'glorot', decay: true },
      { name: `gru_${i + 1}/recurrent_kernel`, shape: [units, 3 * units], initializer: 'orthogonal', decay: true },
      { name: `gru_${i + 1}/bias`, shape: [3 * units], initializer: 'zeros', decay: false },
    );
  }
  parameters.push(
    { name: 'head/kernel', shape: [units, shape.outputs], initializer: 'glorot', decay: true },
    { name: 'head/bias', shape: [shape.outputs], initializer: 'zeros', decay: false },
  );
  return {
    architecture: 'gru',
    shape,
    parameters,
    forward(weights, x, dropout) {
      const batch = x.shape[0];
      let sequence = tf.transpose(x, [1, 0, 2]);
      let last: tf.Tensor2D | undefined;
      for (let i = 0; i < depth; i++) {
        const [kernel, recurrent, bias] = weights.slice(3 * i) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
        const states = gruLayer(sequence, kernel, recurrent, bias, { inputGradient: i > 0 });
        if (i < depth - 1) {
          sequence = dropout(states, i, [1, batch, units]);
        } else {
          const end = tf.slice(states, [shape.lookback - 1, 0, 0], [1, batch, units]);
          last = dropout(tf.reshape(end, [batch, units]) as tf.Tensor2D, i, [batch, units]);
        }
      }
      return tf.add(tf.matMul(last as tf.Tensor2D, weights[3 * depth] as tf.Tensor2D), weights[3 * depth + 1]);
    },
    toLayersModel(weights) {
      const input = layers.input({ shape: [shape.lookback, shape.features], name: 'window' });
      let h: ReturnType<layers.layers.Layer['apply']> = input;
      for (let i = 0; i < depth; i++) {
        const layer = layers.layers.gru({
          units,
          activation: 'tanh',
          recurrentActivation: 'sigmoid',
          kernelInitializer: 'zeros',
          recurrentInitializer: 'zeros',
          returnSequences: i < depth - 1,
          name: `gru_${i + 1}`,
        });
        h = layer.apply(h);
      }
      const output = layers.layers.dense({ units: shape.outputs, name: 'head' }).apply(h);
      return layersModel(input, output, parameters, weights);
    },
  };
}
