import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';

/** model.json as far as any TensorFlow.js program reads it. */
export interface ModelFile {
  readonly format: 'layers-model' | 'graph-model';
  readonly modelTopology: unknown;
  readonly weightSpecs: readonly tf.io.WeightsManifestEntry[];
}

/** What a stranger does with model.json and weights.bin: plain TensorFlow.js, no code of ours. */
export async function loadExported(model: ModelFile, weights: Uint8Array): Promise<LayersModel | GraphModel> {
  const handler = tf.io.fromMemory({
    modelTopology: model.modelTopology as object,
    weightSpecs: [...model.weightSpecs],
    weightData: new Uint8Array(weights).buffer,
  });
  return model.format === 'graph-model' ? loadGraphModel(handler) : loadLayersModel(handler);
}
