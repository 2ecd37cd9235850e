import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { configOf } from '#tests/core/dataset/config.ts';
import { architectures } from '#core/models/registry.ts';
import type { Config } from '#core/config/config.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { predict } from '#trainer/ml/evaluate.ts';
import { buildModel } from '#trainer/ml/models/build.ts';
import { trainModel } from '#trainer/ml/train.ts';
import type { TrainingState } from '#trainer/ml/training-state.ts';
import { sample } from '#tests/support/scale.ts';
import { record } from './recording-hooks.ts';
import { tinyDataset } from './tiny-dataset.ts';

const lookback = 16;
const dataset = tinyDataset({ lookback, rows: 240, features: 4 });

function settings(architecture: string): Config {
  return configOf({
    model: { architecture, lookback },
    train: { epochs: 2, batch_size: 32, optimizer: { kind: 'adamw', learning_rate: 0.003 } },
  });
}

describe.each(architectures)('%s on the WASM engine', (architecture) => {
  it('leaks nothing, ends with the same bits after a stop at any step, and agrees with the reference engine', async () => {
    const config = settings(architecture);
    const engine = await openEngine('wasm');
    const bits = ({ weights, slots }: TrainingState): number[][] =>
      [...weights, ...slots].map(({ data }) => [...new Uint32Array(data.buffer)]);
    const before = tf.memory().numTensors;
    let t = 0;
    let asked = 0;
    const recording = record(() => ({ want: 'run', checkpoint: `at-${asked++}` }));
    const whole = await trainModel({ dataset, config, hooks: recording.hooks, now: () => (t += 1000) });
    expect(tf.memory().numTensors).toBe(before);
    const middle = recording.checkpoints.filter(({ name, state }) => name.startsWith('at-') && state.step % 3 === 1);
    expect(middle.length).toBeGreaterThan(1);
    for (const { state } of sample(middle, 3)) {
      const resumed = await trainModel({ dataset, config, hooks: record().hooks, resume: state });
      expect(bits(resumed.state), `from step ${state.step}`).toEqual(bits(whole.state));
    }
    const model = buildModel(config.model, { lookback, features: 4, outputs: 2 });
    const [returns, rises] = (await predict(model, whole.state.weights, dataset, 'test', async () => false)) ?? [];
    expect(tf.memory().numTensors).toBe(before);
    engine.dispose();

    const reference = await openEngine('cpu');
    const first = record();
    await trainModel({ dataset, config: settings(architecture), hooks: first.hooks });
    const [sameReturns, sameRises] =
      (await predict(model, whole.state.weights, dataset, 'test', async () => false)) ?? [];
    reference.dispose();
    returns.forEach((value, i) => expect(Math.abs(value - sameReturns[i])).toBeLessThan(1e-6));
    rises.forEach((value, i) => expect(Math.abs(value - sameRises[i])).toBeLessThan(1e-5));
    // One step from the same start gives the same loss and gradient, up to rounding.
    for (const name of ['train.loss', 'grad_norm']) {
      const [ours, theirs] = [recording.metrics[0].values[name], first.metrics[0].values[name]];
      expect(Math.abs(ours - theirs) / theirs, name).toBeLessThan(1e-4);
    }
  });
});
