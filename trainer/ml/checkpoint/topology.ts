import * as tf from '@tensorflow/tfjs-core';
import type { GraphNetwork, Model, StandardNetwork } from '../models/model.ts';
import type { NamedArray } from '../data/named-array.ts';
import type { Manifest } from './manifest.ts';

/** What model.json says of a model, whatever its weights are. */
export interface Topology {
  /** How TensorFlow.js loads model.json. */
  readonly format: Manifest['format'];
  readonly modelTopology: unknown;
  /** What stands in weights.bin: the weights in the order of the model's parameters, then the constants. */
  readonly weightSpecs: readonly tf.io.WeightsManifestEntry[];
  /** Constants of a graph model, as weights.bin has them. */
  readonly constants: Uint8Array;
}

/** Arrays one after the other, as they stand in weights.bin and optimizer.bin. */
export function joinArrays(arrays: readonly { readonly data: Float32Array | Int32Array }[]): Buffer {
  return Buffer.concat(arrays.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)));
}

/** The model as TensorFlow.js writes it: a layers model, or a graph model where standard layers cannot say it. */
export async function exportTopology(model: Model, weights: readonly NamedArray[]): Promise<Topology> {
  return 'toGraph' in model ? graphTopology(model, weights) : layersTopology(model, weights);
}

/** Proves once that the weights of the layers model stand in the order of ours: later checkpoints need no such model. */
async function layersTopology(model: StandardNetwork, weights: readonly NamedArray[]): Promise<Topology> {
  const layersModel = model.toLayersModel(weights);
  let artifacts: tf.io.ModelArtifacts | undefined;
  try {
    await layersModel.save(
      tf.io.withSaveHandler(async (saved) => {
        artifacts = saved;
        return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
      }),
    );
  } finally {
    layersModel.dispose();
  }
  const data = artifacts?.weightData;
  if (!artifacts?.weightSpecs || !data) throw new Error('The layers model gave no weights to save.');
  const saved = Buffer.concat((Array.isArray(data) ? data : [data]).map((part) => new Uint8Array(part)));
  if (!saved.equals(joinArrays(weights)))
    throw new Error('The exported layers model keeps its weights in another order than the model.');
  const { modelTopology, weightSpecs } = artifacts;
  return { format: 'layers-model', modelTopology, weightSpecs, constants: Buffer.alloc(0) };
}

/** A graph finds its weights by name, so their order is that of the manifest, which is written here: ours. */
function graphTopology(model: GraphNetwork, weights: readonly NamedArray[]): Topology {
  const { topology, constants } = model.toGraph();
  const specs = [...weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' as const })), ...constants];
  return {
    format: 'graph-model',
    modelTopology: topology,
    weightSpecs: specs.map(({ name, shape, dtype }) => ({ name, shape: [...shape], dtype })),
    constants: joinArrays(constants),
  };
}
