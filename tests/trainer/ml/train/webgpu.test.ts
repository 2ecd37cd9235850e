import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useSwiftShader } from '#tests/support/swiftshader.ts';
import type { Config } from '#core/config/config.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { predict } from '#trainer/ml/evaluate.ts';
import { buildModel } from '#trainer/ml/models/build.ts';
import { trainModel } from '#trainer/ml/train.ts';
import type { TrainingState } from '#trainer/ml/training-state.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { record } from './recording-hooks.ts';
import { tinyDataset } from './tiny-dataset.ts';

useSwiftShader();

const lookback = 8;
const dataset = tinyDataset({ lookback, rows: 170, features: 3 });
const bits = ({ weights, slots }: TrainingState): number[][] =>
  [...weights, ...slots].map(({ data }) => [...new Uint32Array(data.buffer)]);

/** Bytes that tfjs' pool holds on the device; it never gives any back. */
const allocated = () => (tf.memory() as tf.MemoryInfo & { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;

function settings(architecture: string, epochs: number): Config {
  return configOf({
    model: { architecture, lookback, dropout: 0.1 },
    train: { epochs, batch_size: 32, optimizer: { kind: 'adamw', learning_rate: 0.01 } },
  });
}

describe('training on the webgpu engine', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('webgpu')));
  afterAll(() => engine.dispose());
  const config = settings('mlp', 3);

  it('learns, leaks nothing, stops asking for memory, and gives the same bits again', async () => {
    const train = async () => {
      const before = tf.memory().numTensors;
      const held: number[] = [];
      const recording = record();
      const { checkpoint } = recording.hooks;
      const hooks: typeof recording.hooks = {
        ...recording.hooks,
        async checkpoint(name, state, metric) {
          if (name === 'last') held.push(allocated());
          await checkpoint(name, state, metric);
        },
      };
      // A clock that stands: how often training reports, and so what it asks for, is not to depend on how fast it is.
      const { state } = await trainModel({ dataset, config, hooks, now: () => 0 });
      expect(tf.memory().numTensors).toBe(before);
      await engine.backPressure?.();
      return { recording, held, state };
    };
    const first = await train();
    const validations = first.recording.metrics.filter(({ values }) => 'val.loss' in values);
    const losses = validations.map(({ values }) => values['val.loss']);
    expect(losses).toHaveLength(3);
    expect(Math.min(...losses)).toBeLessThan(0.9 * losses[0]);
    expect(new Set(first.held.slice(1)).size, `bytes held at each epoch: ${first.held.join(', ')}`).toBe(1);
    expect(engine.peakBytes()).toBeGreaterThanOrEqual(first.held[2]);
    const second = await train();
    expect(bits(second.state)).toEqual(bits(first.state));
    // A run after another one needs no more.
    expect(second.held[2]).toBe(first.held[2]);
  });

  it('goes on from a checkpoint with the same bits, and predicts as the reference engine does', async () => {
    const once = settings('mlp', 1);
    let t = 0;
    let asked = 0;
    const recording = record(() => ({ want: 'run', checkpoint: `at-${asked++}` }));
    const whole = await trainModel({ dataset, config: once, hooks: recording.hooks, now: () => (t += 1000) });
    const middle = recording.checkpoints.find(({ name, state }) => name.startsWith('at-') && state.step === 2);
    expect(middle).toBeDefined();
    const resumed = await trainModel({ dataset, config: once, hooks: record().hooks, resume: middle?.state });
    expect(bits(resumed.state)).toEqual(bits(whole.state));
    const model = buildModel(once.model, { lookback, features: 3, outputs: 2 });
    const predictAll = async () =>
      (await predict(model, whole.state.weights, dataset, 'test', async () => false)) ?? [];
    const ours = await predictAll();
    const reference = await openEngine('cpu');
    const theirs = await predictAll();
    reference.dispose();
    await tf.setBackend('webgpu');
    ours.forEach((values, k) =>
      values.forEach((value, i) => expect(Math.abs(value - theirs[k][i])).toBeLessThan(1e-5)),
    );
    expect(ours[0].length).toBeGreaterThan(20);
  });

  it('agrees with wasm after three epochs to a thousandth, dropout on', async () => {
    const last = async (): Promise<number> => {
      const recording = record();
      await trainModel({ dataset, config, hooks: recording.hooks });
      return recording.metrics.flatMap(({ values }) => values['val.loss'] ?? [])[2];
    };
    const ours = await last();
    const reference = await openEngine('wasm');
    const theirs = await last();
    reference.dispose();
    await tf.setBackend('webgpu');
    expect(Math.abs(ours - theirs) / theirs).toBeLessThan(1e-3);
  });
});
