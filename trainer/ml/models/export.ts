import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import type { NamedArray } from '../data/named-array.ts';
import type { Parameter } from './model.ts';

/** Symbolic tensors as `apply` hands them around. */
type Symbolic = ReturnType<layers.layers.Layer['apply']>;

/**
 * A layers model from `input` to `output` that holds `weights`. Every layer that owns parameters bears the part of their
 * names before the `/`, so weights are set layer by layer and the graph's own order does not matter. The caller disposes it.
 */
export function layersModel(
  input: layers.SymbolicTensor,
  output: Symbolic,
  parameters: readonly Parameter[],
  weights: readonly NamedArray[],
): layers.LayersModel {
  const model = layers.model({ inputs: input, outputs: output as layers.SymbolicTensor, name: 'almanac' });
  const owners = new Set(parameters.map(({ name }) => name.split('/')[0]));
  for (const owner of owners) {
    const own = parameters.flatMap((parameter, i) => (parameter.name.split('/')[0] === owner ? [i] : []));
    const layer = model.getLayer(owner);
    const shapes = layer.weights.map((weight) => weight.shape as number[]);
    tf.tidy(() => layer.setWeights(own.map((i, at) => tf.tensor(weights[i].data, shapes[at]))));
  }
  return model;
}
