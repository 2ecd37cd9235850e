import { describe, expect, it } from 'vitest';
import type { EngineName } from '#core/config/train.ts';
import { chooseEngine } from '#trainer/ml/engine/choose.ts';
import type { EngineReport } from '#trainer/ml/engine/engine.ts';

const works = (name: EngineName, samplesPerSecond: number): EngineReport => ({
  name,
  available: true,
  device: name,
  version: '1',
  measured: { gflops: samplesPerSecond / 10, samplesPerSecond },
});
const absent = (name: EngineName): EngineReport => ({
  name,
  available: false,
  device: '',
  version: '',
  reason: `${name} is missing here.`,
});

describe('chooseEngine', () => {
  it('takes the fastest for auto and says why', async () => {
    const choice = await chooseEngine('auto', {
      reports: [works('wasm', 100), works('native', 900), absent('webgpu')],
    });
    expect(choice).toEqual({
      name: 'native',
      why: 'auto took native, the fastest (90.0 GFLOP/s); wasm is slower (10.0 GFLOP/s), webgpu is not available.',
    });
  });

  it('does not measure wasm when it is the only one', async () => {
    const tested: string[] = [];
    const probe = async (name: EngineName) => {
      tested.push(name);
      return absent(name);
    };
    const choice = await chooseEngine('auto', { probe });
    expect(choice.name).toBe('wasm');
    expect(choice.why).toContain('native is not available');
    expect(tested.sort()).toEqual(['native', 'webgpu']);
  });

  it('measures wasm against another engine that works', async () => {
    const probe = async (name: EngineName) => (name === 'webgpu' ? absent(name) : works(name, name === 'wasm' ? 5 : 3));
    expect((await chooseEngine('auto', { probe })).name).toBe('wasm');
  });

  it('never puts another engine in the place of the one asked for', async () => {
    const reports = [works('wasm', 100), absent('native')];
    await expect(chooseEngine('native', { reports })).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringContaining('native is missing here.'),
      issues: [{ path: 'train.engine' }],
    });
  });

  it('keeps a slower engine that was asked for', async () => {
    const reports = [works('wasm', 1), works('native', 900)];
    expect((await chooseEngine('wasm', { reports })).name).toBe('wasm');
  });

  it('says so when nothing works', async () => {
    const reports = [absent('wasm'), absent('native')];
    await expect(chooseEngine('auto', { reports })).rejects.toMatchObject({ code: 'engine_unavailable' });
  });
});
