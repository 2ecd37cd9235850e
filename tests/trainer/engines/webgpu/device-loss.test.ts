import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { useSwiftShader } from '#tests/support/swiftshader.ts';
import { openEngine } from '#trainer/engines/open.ts';
import type { WebgpuBackend } from '#trainer/engines/webgpu/webgpu-backend.ts';
import { trainModel } from '#trainer/ml/train.ts';
import { record } from '#tests/trainer/ml/train/recording-hooks.ts';
import { tinyDataset } from '#tests/trainer/ml/train/tiny-dataset.ts';
import { configOf } from '#tests/core/dataset/config.ts';

useSwiftShader();
const backend = () => tf.backend() as unknown as WebgpuBackend;
const lost = { code: 'device_lost', message: expect.stringMatching(/^The GPU SwiftShader.* was lost \(.+\)/) };

describe('a lost device', () => {
  it('ends training with device_lost, and the engine can be opened again', async () => {
    const config = configOf({
      model: { architecture: 'mlp', lookback: 8 },
      train: { epochs: 50, batch_size: 32 },
    });
    const engine = await openEngine('webgpu');
    const recording = record();
    const hooks: typeof recording.hooks = {
      ...recording.hooks,
      metric: (step, epoch, values) => {
        recording.hooks.metric(step, epoch, values);
        if (step >= 3) backend().device.destroy();
      },
    };
    await expect(trainModel({ dataset: tinyDataset(), config, hooks })).rejects.toMatchObject(lost);
    expect(recording.metrics.length).toBeGreaterThan(0);
    await expect(engine.backPressure?.()).rejects.toMatchObject(lost);
    engine.dispose();

    const again = await openEngine('webgpu');
    const sum = tf.tidy(() => tf.add(tf.ones([2000]), tf.ones([2000])));
    expect((await sum.data())[1999]).toBe(2);
    sum.dispose();
    again.dispose();
  });

  it('is told by a read that waits for it', async () => {
    const engine = await openEngine('webgpu');
    const values = tf.tidy(() => tf.add(tf.ones([2000]), tf.ones([2000])));
    const reading = values.data();
    backend().device.destroy();
    await expect(reading).rejects.toMatchObject(lost);
    engine.dispose();
  });

  it('is not what a closed engine is', async () => {
    const engine = await openEngine('webgpu');
    await engine.backPressure?.();
    engine.dispose();
    await new Promise((done) => setTimeout(done, 50));
    expect(tf.findBackend('webgpu')).toBeNull();
  });
});

describe('what the device refuses', () => {
  it('is thrown by whoever reads the result', async () => {
    const engine = await openEngine('webgpu');
    const sum = tf.tidy(() => tf.add(tf.ones([2000]), tf.ones([2000])));
    backend().device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    await expect(sum.data()).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringMatching(/refused a command/),
    });
    engine.dispose();
  });

  it('is out_of_memory for one tensor that is too large, and the engine goes on', async () => {
    const engine = await openEngine('webgpu');
    const before = tf.memory().numTensors;
    expect(() => tf.tidy(() => tf.fill([40_000, 40_000], 1))).toThrow(/one tensor of 6400 MB.*batch_size/);
    expect(tf.memory().numTensors).toBe(before);
    const sum = tf.tidy(() => tf.sum(tf.fill([50, 50], 2)));
    expect((await sum.data())[0]).toBe(5000);
    sum.dispose();
    engine.dispose();
  });

  it('is a synchronous read, in words', async () => {
    const engine = await openEngine('webgpu');
    const sum = tf.tidy(() => tf.add(tf.ones([2000]), tf.ones([2000])));
    expect(() => sum.dataSync()).toThrow(/webgpu.*await tensor\.data\(\)/);
    sum.dispose();
    engine.dispose();
  });
});
