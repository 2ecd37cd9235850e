import { describe, expect, it } from 'vitest';
import { describeRanking, rankEngines, shortReason } from '#core/engines/ranking.ts';
import type { EngineReport } from '#core/engines/report.ts';

const base = { device: '', version: '1' };
const native: EngineReport = {
  ...base,
  name: 'native',
  available: true,
  device: 'CPU',
  measured: { gflops: 90, samplesPerSecond: 20 },
  models: { tcn: { samplesPerSecond: 41_234 } },
};
const wasm: EngineReport = {
  ...base,
  name: 'wasm',
  available: true,
  device: 'WASM SIMD',
  measured: { gflops: 9, samplesPerSecond: 30 },
  models: { tcn: { samplesPerSecond: 9000 } },
};
const webgpu: EngineReport = {
  ...base,
  name: 'webgpu',
  available: false,
  reason: 'The webgpu engine is not available: no GPU found. Install a driver, or set train.engine to auto.',
};

describe('rankEngines', () => {
  it('goes by the speed of the architecture where every engine that works was measured with it', () => {
    const { order, by } = rankEngines([webgpu, wasm, native], 'tcn');
    expect([order.map(({ name }) => name), by]).toEqual([['native', 'wasm', 'webgpu'], 'model']);
  });

  it('else by that of a small dense network, for two measures cannot be compared', () => {
    for (const model of ['gru', undefined] as const) {
      const { order, by } = rankEngines([webgpu, native, wasm], model);
      expect([order.map(({ name }) => name), by]).toEqual([['wasm', 'native', 'webgpu'], 'dense']);
    }
  });

  it('puts what failed with the architecture behind what trains it, and what is missing last', () => {
    const failed: EngineReport = { ...native, models: { tcn: { reason: 'wrong numbers' } } };
    const { order, by } = rankEngines([webgpu, failed, wasm], 'tcn');
    expect([order.map(({ name }) => name), by]).toEqual([['wasm', 'native', 'webgpu'], 'model']);
  });
});

describe('describeRanking', () => {
  it('says in one line how fast each is and what the others lack', () => {
    expect(describeRanking([webgpu, wasm, native], 'tcn')).toBe(
      'native CPU 41k samples/s · wasm 9k samples/s · no webgpu: no GPU found',
    );
  });

  it('says what is not known yet', () => {
    expect(describeRanking([wasm], 'gru')).toBe(
      'wasm 30 samples/s (with a small dense network; gru is not measured yet)',
    );
    const unknown: EngineReport = { ...base, name: 'wasm', available: true, pending: true };
    const other: EngineReport = { ...base, name: 'native', available: false, pending: true };
    expect(describeRanking([unknown, other], 'tcn')).toBe('wasm not tested yet · native not tested yet');
  });
});

describe('shortReason', () => {
  it('leaves out the name and the advice', () => {
    expect(shortReason(webgpu.reason ?? '')).toBe('no GPU found');
    expect(shortReason('The webgpu engine comes in a later version. Set train.engine to auto.')).toBe(
      'comes in a later version',
    );
    expect(shortReason('TensorFlow 2.9.1 did not start.')).toBe('TensorFlow 2.9.1 did not start');
  });
});
