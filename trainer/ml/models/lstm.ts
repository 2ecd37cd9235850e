import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { ModelConfig } from '#core/config/model.ts';
import { lstmSizes } from '#core/estimate/sizes.ts';
import { lstmLayer } from '../ops/lstm-layer.ts';
import { layersModel } from './export.ts';
import { denseParameters } from './layer-parameters.ts';
import type { Model, ModelShape, Parameter } from './model.ts';

/**
 * Stacked LSTM layers (Hochreiter and Schmidhuber 1997, with the forget gate of Gers 2000): logistic gates, tanh
 * candidate and output, dropout after each layer with one mask for all steps, and a linear head on the last step. Gates
 * stand in the order i, f, g, o; the forget gate's bias starts at 1.
 *
 *     [B, L, F] → [L, B, h] a layer → last step [B, h] → [B, K]         P = Σ 4(h(h + in) + h) + (h + 1)K
 *
 * Parameters: `lstm_<n>/kernel` [in, 4h], `lstm_<n>/recurrent_kernel` [h, 4h], `lstm_<n>/bias` [4h], …, `head/kernel`,
 * `head/bias`.
 */
export function buildLstm(config: ModelConfig, shape: ModelShape): Model {
  const { units, layers: depth } = lstmSizes[config.variant];
  const parameters: Parameter[] = [];
  for (let i = 0; i < depth; i++) {
    const width = i === 0 ? shape.features : units;
    parameters.push(
      { name: `lstm_${i + 1}/kernel`, shape: [width, 4 * units], initializer: 'glorot', decay: true },
      { name: `lstm_${i + 1}/recurrent_kernel`, shape: [units, 4 * units], initializer: 'orthogonal', decay: true },
      { name: `lstm_${i + 1}/bias`, shape: [4 * units], initializer: 'forget', decay: false },
    );
  }
  parameters.push(...denseParameters('head', units, shape.outputs, 'glorot'));
  return {
    architecture: 'lstm',
    shape,
    parameters,
    forward(weights, x, dropout) {
      const batch = x.shape[0];
      let sequence = tf.transpose(x, [1, 0, 2]);
      let last: tf.Tensor2D | undefined;
      for (let i = 0; i < depth; i++) {
        const [kernel, recurrent, bias] = weights.slice(3 * i) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
        const states = lstmLayer(sequence, kernel, recurrent, bias, { inputGradient: i > 0 });
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
        const layer = layers.layers.lstm({
          units,
          activation: 'tanh',
          recurrentActivation: 'sigmoid',
          kernelInitializer: 'zeros',
          recurrentInitializer: 'zeros',
          returnSequences: i < depth - 1,
          name: `lstm_${i + 1}`,
        });
        h = layer.apply(h);
      }
      const output = layers.layers.dense({ units: shape.outputs, name: 'head' }).apply(h);
      return layersModel(input, output, parameters, weights);
    },
  };
}
