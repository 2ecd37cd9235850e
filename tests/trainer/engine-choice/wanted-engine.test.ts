import { describe, expect, it } from 'vitest';
import { defaultConfig } from '#core/config/compile.ts';
import { openWantedEngine, reportsVariable } from '#trainer/engine-choice/wanted-engine.ts';

const wanting = (engine: 'auto' | 'wasm' | 'webgpu') => {
  const { model, train } = defaultConfig();
  return { model, train: { ...train, engine } };
};

describe('the engine of a run', () => {
  it('is the one that the configuration names, whatever the setting says', async () => {
    const { engine, why } = await openWantedEngine(wanting('wasm'), { ALMANAC_ENGINE: 'webgpu' });
    engine.dispose();
    expect([engine.name, why]).toEqual(['wasm', expect.stringContaining('train.engine')]);
    await expect(openWantedEngine(wanting('webgpu'), {})).rejects.toMatchObject({ code: 'engine_unavailable' });
  });

  it('is that of the setting where the configuration leaves it open', async () => {
    const { engine, why } = await openWantedEngine(wanting('auto'), { ALMANAC_ENGINE: 'wasm' });
    engine.dispose();
    expect([engine.name, why]).toEqual(['wasm', expect.stringContaining('ALMANAC_ENGINE')]);
    await expect(openWantedEngine(wanting('auto'), { ALMANAC_ENGINE: 'abacus' })).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: expect.stringContaining('abacus'),
    });
  });

  it('is the fastest of the reports that were handed on, without a probe', async () => {
    const report = { available: true, device: 'x', version: '1' };
    const reports = [
      { name: 'native', ...report, available: false, reason: 'no GPU' },
      { name: 'wasm', ...report, measured: { gflops: 12, samplesPerSecond: 9000 } },
    ];
    const { engine, why } = await openWantedEngine(wanting('auto'), { [reportsVariable]: JSON.stringify(reports) });
    engine.dispose();
    expect(engine.name).toBe('wasm');
    expect(why).toContain('auto took wasm');
  });
});
