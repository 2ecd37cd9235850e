import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { openEngine } from '#trainer/ml/engine/open.ts';
import { readSystem } from '#trainer/ml/engine/telemetry.ts';

describe('readSystem', () => {
  it('counts no tensors, and opens no engine, before one is open', () => {
    expect(readSystem()).toMatchObject({ tensors: 0, tensorBytes: 0 });
    expect(tf.getBackend()).toBeFalsy();
  });

  it('gives percent of one core since the last reading', () => {
    const source = (cpu: number, at: number) => ({ cpuMicros: () => cpu, uptimeMs: () => at, gpu: () => undefined });
    readSystem(source(1_000_000, 10_000));
    expect(readSystem(source(2_500_000, 12_000)).cpu).toBe(75);
    expect(readSystem(source(2_500_000, 12_000)).cpu).toBe(0);
  });

  it('counts tensors and their bytes on the open engine, and carries the GPU reading', async () => {
    const engine = await openEngine('wasm');
    const tensor = tf.ones([10, 10]);
    const gpu = { util: 5, memUsed: 1, memTotal: 2 };
    const reading = readSystem({ cpuMicros: () => 0, uptimeMs: () => 0, gpu: () => gpu });
    expect(reading).toMatchObject({ tensors: 1, tensorBytes: 400, gpu });
    expect(reading.rss).toBeGreaterThan(1e6);
    tensor.dispose();
    engine.dispose();
  });
});
