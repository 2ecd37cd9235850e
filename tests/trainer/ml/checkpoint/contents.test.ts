import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { requireConfig } from '#core/config/compile.ts';
import { type Architecture, architectures } from '#core/models/registry.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import { decodeCheckpoint, encodeCheckpoint, frameCheckpoints } from '#trainer/ml/checkpoint/contents.ts';
import type { CheckpointFiles } from '#trainer/ml/checkpoint/manifest.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { buildModel, initialWeights } from '#trainer/ml/models/build.ts';
import { noDropout } from '#trainer/ml/models/dropout.ts';
import type { TrainingState } from '#trainer/ml/training-state.ts';
import { loadExported } from '#tests/support/load-exported.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('wasm');
});
afterAll(() => engine.dispose());

/** A state in which every array has numbers of its own, some of them awkward. */
async function prepare(architecture: Architecture) {
  const { config } = requireConfig({
    overrides: [
      `model.architecture=${architecture}`,
      'model.lookback=12',
      'features.timeframes={1h:{log_return:{},rsi:{}}}',
    ],
  });
  const dataset = assembleDataset(sampleMarket({ seed: 3, bars: 1500, step: 3_600_000 }), config);
  const shape = { lookback: 12, features: dataset.names.length, outputs: dataset.tasks.length };
  const model = buildModel(config.model, shape);
  const weights = initialWeights(model, 5).map((array) => ({
    ...array,
    data: array.data.map((value, i) => value + 0.01 * Math.sin(i + array.name.length)),
  }));
  const slots = weights.map(({ name, shape: slotShape, data }) => ({
    name: `m/${name}`,
    shape: slotShape,
    data: data.map((value, i) => (i === 0 ? 1e-42 : value * 1e-3)),
  }));
  const state: TrainingState = {
    epoch: 3,
    step: 160,
    seed: 5,
    weights,
    slots,
    best: { value: Infinity, epoch: 2, step: 100 },
    stale: 1,
    elapsed: 12.5,
  };
  const frame = await frameCheckpoints(model, weights, dataset, config.train);
  return { model, shape, state, files: encodeCheckpoint(frame, state), dataset };
}

/** What any TensorFlow.js program does with model.json and weights.bin. */
function load(files: CheckpointFiles) {
  const json = JSON.parse(Buffer.from(files['model.json']).toString());
  expect(json.weightsManifest[0].paths).toEqual(['weights.bin']);
  const { format, modelTopology, weightsManifest } = json;
  return loadExported({ format, modelTopology, weightSpecs: weightsManifest[0].weights }, files['weights.bin']);
}

describe.each(architectures)('a checkpoint of a %s', (architecture) => {
  it('gives the state back bit for bit', async () => {
    const { state, files } = await prepare(architecture);
    expect(decodeCheckpoint(files)).toEqual(state);
  });

  it('is a model that plain TensorFlow.js loads and that says the same', async () => {
    const { model, shape, state, files } = await prepare(architecture);
    const before = tf.memory().numTensors;
    const loaded = await load(files);
    const input = Float32Array.from({ length: 4 * shape.lookback * shape.features }, (_, i) => Math.sin(i));
    const [ours, theirs] = tf.tidy(() => {
      const x = tf.tensor3d(input, [4, shape.lookback, shape.features]);
      const tensors = state.weights.map(({ data, shape: own }) => tf.tensor(data, [...own]));
      return [model.forward(tensors, x, noDropout).dataSync(), (loaded.predict(x) as tf.Tensor).dataSync()];
    });
    expect(theirs.length).toBe(4 * shape.outputs);
    theirs.forEach((value, i) => expect(Math.abs(value - ours[i])).toBeLessThan(1e-5));
    loaded.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no tensor behind', async () => {
    await prepare(architecture);
    const before = tf.memory().numTensors;
    await prepare(architecture);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a checkpoint', () => {
  it('says how to make its input and to read its output', async () => {
    const { files, dataset } = await prepare('mlp');
    const scaler = JSON.parse(Buffer.from(files['scaler.json']).toString());
    expect(scaler).toMatchObject({
      kind: 'standard',
      features: dataset.names,
      lookback: 12,
      tasks: [
        { name: 'ret', kind: 'return', mean: dataset.tasks[0].mean, sd: dataset.tasks[0].sd },
        { name: 'dir', kind: 'direction', mean: 0, sd: 1 },
      ],
    });
    expect(scaler.center).toHaveLength(scaler.scale.length);
  });

  it('is refused where its arrays are not those of its state', async () => {
    const { files } = await prepare('mlp');
    const short = { ...files, 'optimizer.bin': files['optimizer.bin'].subarray(4) };
    expect(() => decodeCheckpoint(short)).toThrow(/optimizer\.bin has \d+ bytes/);
    const { 'weights.bin': _, ...without } = files;
    expect(() => decodeCheckpoint(without)).toThrow(/weights\.bin has 0 bytes/);
    expect(() => decodeCheckpoint({ ...files, 'state.json': Buffer.from('{}') })).toThrow(/state\.json/);
  });
});
