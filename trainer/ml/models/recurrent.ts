import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { dense } from '#trainer/engines/ops/dense.ts';
import type { RecurrentLayer } from '#trainer/engines/ops/recurrent.ts';
import { layersModel } from './export.ts';
import type { Initializer } from './initializer.ts';
import { denseParameters } from './layer-parameters.ts';
import type { Model, ModelShape, Parameter } from './model.ts';

/** What tells one recurrent network from another. */
interface RecurrentKind {
  /** Begins the names of its layers. */
  readonly name: string;
  /** Gates of a unit: the kernels' columns are so many times the units. */
  readonly gates: number;
  readonly bias: Initializer;
  readonly layer: RecurrentLayer;
  /** The standard layer that computes the same. */
  readonly standard: (options: Parameters<typeof layers.layers.lstm>[0]) => layers.layers.Layer;
}

/**
 * Stacked recurrent layers, dropout after each with one mask for all steps, and a linear head on the last step:
 *
 *     [B, L, F] → [L, B, h] a layer → last step [B, h] → [B, K]
 *
 * Parameters: `<kind>_<n>/kernel` [in, gates·h], `/recurrent_kernel` [h, gates·h], `/bias` [gates·h], …, `head/kernel`,
 * `head/bias`.
 */
export function buildRecurrent(
  { name: kind, gates, bias: biasInitializer, layer, standard }: RecurrentKind,
  { units, layers: depth }: { readonly units: number; readonly layers: number },
  shape: ModelShape,
): Model {
  const names = Array.from({ length: depth }, (_, i) => `${kind}_${i + 1}`);
  const columns = gates * units;
  const parameters = [
    ...names.flatMap((name, i): Parameter[] => [
      {
        name: `${name}/kernel`,
        shape: [i === 0 ? shape.features : units, columns],
        initializer: 'glorot',
        decay: true,
      },
      { name: `${name}/recurrent_kernel`, shape: [units, columns], initializer: 'orthogonal', decay: true },
      { name: `${name}/bias`, shape: [columns], initializer: biasInitializer, decay: false },
    ]),
    ...denseParameters('head', units, shape.outputs, 'glorot'),
  ];
  return {
    shape,
    parameters,
    forward(weights, x, dropout) {
      const batch = x.shape[0];
      let sequence = tf.transpose(x, [1, 0, 2]);
      names.slice(1).forEach((_, i) => {
        sequence = dropout(run(sequence, i), i, [1, batch, units]);
      });
      const end = tf.slice(run(sequence, depth - 1), [shape.lookback - 1, 0, 0], [1, batch, units]);
      const last = dropout(tf.reshape(end, [batch, units]) as tf.Tensor2D, depth - 1, [batch, units]);
      return dense(last, weights[3 * depth] as tf.Tensor2D, weights[3 * depth + 1] as tf.Tensor1D);

      function run(from: tf.Tensor3D, i: number): tf.Tensor3D {
        const [kernel, recurrent, bias] = weights.slice(3 * i) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
        return layer(from, kernel, recurrent, bias, { inputGradient: i > 0 });
      }
    },
    toLayersModel(weights) {
      const input = layers.input({ shape: [shape.lookback, shape.features], name: 'window' });
      const states = names.reduce<ReturnType<layers.layers.Layer['apply']>>((from, name, i) => {
        const next = standard({
          units,
          activation: 'tanh',
          recurrentActivation: 'sigmoid',
          kernelInitializer: 'zeros',
          recurrentInitializer: 'zeros',
          returnSequences: i < depth - 1,
          name,
        });
        return next.apply(from);
      }, input);
      const output = layers.layers.dense({ units: shape.outputs, name: 'head' }).apply(states);
      return layersModel(input, output, parameters, weights);
    },
  };
}
