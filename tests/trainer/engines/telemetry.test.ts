import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '#trainer/engines/open.ts';
import { readSystem } from '#trainer/engines/telemetry.ts';

const none = { cpuMicros: () => 0, uptimeMs: () => 0, gpu: () => undefined, gpuNote: () => undefined };

describe('readSystem', () => {
  it('counts no tensors, and opens no engine, before one is open', () => {
    expect(readSystem()).toMatchObject({ tensors: 0, tensorBytes: 0 });
    expect(tf.getBackend()).toBeFalsy();
  });

  it('gives percent of one core since the last reading', () => {
    const source = (cpu: number, at: number) => ({ ...none, cpuMicros: () => cpu, uptimeMs: () => at });
    readSystem(source(1_000_000, 10_000));
    expect(readSystem(source(2_500_000, 12_000)).cpu).toBe(75);
    expect(readSystem(source(2_500_000, 12_000)).cpu).toBe(0);
  });

  it('counts tensors and their bytes on the open engine, and carries the GPU reading', async () => {
    const engine = await openEngine('wasm');
    const tensor = tf.ones([10, 10]);
    const gpu = { util: 5, memUsed: 1, memTotal: 2 };
    const reading = readSystem({ ...none, gpu: () => gpu, gpuNote: () => 'It does not expose power.' });
    expect(reading).toMatchObject({ tensors: 1, tensorBytes: 400, gpu, gpuNote: 'It does not expose power.' });
    // What there is not is absent, and never undefined, zero or null in its place.
    expect(Object.keys(readSystem(none)).sort()).toEqual(['cpu', 'rss', 'tensorBytes', 'tensors']);
    expect(reading.rss).toBeGreaterThan(1e6);
    tensor.dispose();
    engine.dispose();
  });
});
