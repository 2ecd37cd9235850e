import { describe, expect, it } from 'vitest';
import type { EngineName } from '#core/engines/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { chooseEngine, requireEngine } from '#trainer/engine-choice/choose.ts';

const works = (name: EngineName, dense: number, models: EngineReport['models'] = {}): EngineReport => ({
  name,
  available: true,
  device: name,
  version: '1',
  measured: { gflops: dense / 10, samplesPerSecond: dense },
  models,
});
const absent = (name: EngineName): EngineReport => ({
  name,
  available: false,
  device: '',
  version: '',
  reason: `${name} is missing here.`,
});

describe('chooseEngine', () => {
  it('takes the fastest with this architecture, whatever a small dense network says', () => {
    const wasm = works('wasm', 900, { tcn: { samplesPerSecond: 9000 } });
    const native = works('native', 100, { tcn: { samplesPerSecond: 41_000 }, mlp: { samplesPerSecond: 5 } });
    expect(chooseEngine('auto', [wasm, native, absent('webgpu')], 'tcn')).toEqual({
      name: 'native',
      why: 'auto took native, the fastest (41k samples/s with tcn); wasm is slower (9k samples/s); webgpu is not available.',
    });
  });

  it('goes by a small dense network where the architecture was not measured on each, and says so', () => {
    const reports = [works('wasm', 900), works('native', 100, { tcn: { samplesPerSecond: 41_000 } })];
    expect(chooseEngine('auto', reports, 'tcn')).toEqual({
      name: 'wasm',
      why:
        'auto took wasm, the fastest with a small dense network (900 samples/s), for tcn is not measured on every ' +
        'engine yet; native is slower (100 samples/s).',
    });
  });

  it('passes by an engine that did not pass its test of this architecture, and only of this one', () => {
    const wrong = { reason: 'its loss of step 1 is 3, expected 2' };
    const reports = [
      works('webgpu', 900, { tcn: wrong, mlp: { samplesPerSecond: 70_000 } }),
      works('wasm', 100, { mlp: { samplesPerSecond: 5000 } }),
    ];
    const { name, why } = chooseEngine('auto', reports, 'tcn');
    expect(name).toBe('wasm');
    expect(why).toContain('webgpu did not pass its test of tcn: its loss of step 1 is 3, expected 2');
    expect(chooseEngine('auto', reports, 'mlp').name).toBe('webgpu');
    expect(() => chooseEngine('webgpu', reports, 'tcn')).toThrow(/did not pass its test of tcn here: its loss/);
    expect(chooseEngine('webgpu', reports, 'mlp').name).toBe('webgpu');
  });

  it('needs no measurement where wasm is alone, and does not count on what is not tested', () => {
    const wasm: EngineReport = { name: 'wasm', available: true, pending: true, device: 'WASM', version: '' };
    const webgpu: EngineReport = { name: 'webgpu', available: false, pending: true, device: '', version: '' };
    expect(chooseEngine('auto', [absent('native'), webgpu, wasm], 'gru')).toEqual({
      name: 'wasm',
      why: expect.stringMatching(/^auto took wasm, the one that every machine has; .*webgpu is not tested yet/),
    });
  });

  it('never puts another engine in the place of the one asked for', () => {
    const reports = [works('wasm', 100), absent('native')];
    expect(() => chooseEngine('native', reports, 'mlp')).toThrow(
      expect.objectContaining({
        code: 'engine_unavailable',
        message: 'native is missing here.',
        issues: [{ path: 'train.engine', message: 'native is missing here.' }],
      }),
    );
  });

  it('keeps a slower engine that was asked for', () => {
    const reports = [works('wasm', 1), works('native', 900)];
    expect(chooseEngine('wasm', reports, 'mlp').name).toBe('wasm');
  });

  it('says so when nothing works', () => {
    const reports = [absent('wasm'), absent('native')];
    expect(() => chooseEngine('auto', reports, 'mlp')).toThrow(
      /No engine works here.*wasm is missing.*native is missing/,
    );
  });
});

describe('requireEngine', () => {
  it('names the command that would install what is missing, once', () => {
    const remedy = 'npm run engine:native';
    const native = { ...absent('native'), remedy };
    expect(() => requireEngine('native', [native], 'mlp')).toThrow(
      'native is missing here. To install it: npm run engine:native',
    );
    const told = { ...native, reason: `It is missing. Run ${remedy}.` };
    expect(() => requireEngine('native', [told], 'mlp')).toThrow(/^It is missing\. Run npm run engine:native\.$/);
  });

  it('takes an engine that is not tested yet at its word', () => {
    const webgpu: EngineReport = { name: 'webgpu', available: false, pending: true, device: '', version: '' };
    expect(() => requireEngine('webgpu', [webgpu], 'mlp')).not.toThrow();
  });
});
