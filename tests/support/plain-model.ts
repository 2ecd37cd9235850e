import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { unzipSync } from 'fflate';
import { loadExported } from './load-exported.ts';

/** What a stranger does with a downloaded checkpoint: unzip it and load it with TensorFlow.js alone. */
export async function openCheckpoint(zip: Uint8Array) {
  const files = unzipSync(zip);
  const file = (name: string): Uint8Array => {
    const path = Object.keys(files).find((one) => one === name || one.endsWith(`/${name}`));
    if (path === undefined) throw new Error(`no ${name} in the zip, only ${Object.keys(files).join(', ')}`);
    return files[path] as Uint8Array;
  };
  const text = (name: string) => JSON.parse(new TextDecoder().decode(file(name)));
  const topology = text('model.json');
  const model = await loadExported(
    {
      format: topology.format,
      modelTopology: topology.modelTopology,
      weightSpecs: topology.weightsManifest.flatMap((group: { weights: unknown[] }) => group.weights),
    },
    file('weights.bin'),
  );
  return {
    manifest: text('manifest.json'),
    scaler: text('scaler.json'),
    names: Object.keys(files),
    /** One window of lookback × features scaled values → the model's raw outputs. */
    predict(window: Float32Array, lookback: number, features: number): Float32Array {
      return tf.tidy(() => {
        const input = tf.tensor3d(window, [1, lookback, features]);
        return (model.predict(input) as tf.Tensor).dataSync() as Float32Array;
      });
    },
  };
}
