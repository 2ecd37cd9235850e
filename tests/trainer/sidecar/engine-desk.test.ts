import { describe, expect, it } from 'vitest';
import { toFile } from '#core/config/config-file.ts';
import { defaultConfig } from '#core/config/compile.ts';
import type { Config } from '#core/config/config.ts';
import type { EngineName } from '#core/engines/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { createEngineDesk } from '#trainer/sidecar/engine-desk.ts';
import type { EngineRoster } from '#trainer/engine-choice/roster.ts';

const cpu = [{ id: 'cpu', name: 'x' }];
const wasm: EngineReport = { name: 'wasm', available: true, device: 'WASM', version: '1', devices: cpu };
const native: EngineReport = {
  name: 'native',
  available: true,
  device: 'NVIDIA H200',
  version: '1',
  measured: { gflops: 900, samplesPerSecond: 90_000 },
  devices: [
    { id: 'gpu:0', name: 'NVIDIA H200' },
    { id: 'gpu:1', name: 'NVIDIA H200' },
  ],
};

type EngineDeskOptions = Parameters<typeof createEngineDesk>[0];

function desk(reports: readonly EngineReport[], given: Partial<EngineDeskOptions> & { isDecided?: boolean } = {}) {
  const told = { wishes: [] as string[], again: [] as string[], decided: 0 };
  let finish = (): void => undefined;
  const tested = new Promise<readonly EngineReport[]>((done) => (finish = () => done(reports)));
  const roster: EngineRoster = {
    known: () => reports,
    isDecided: () => given.isDecided ?? true,
    measured: () => tested,
    wish: (model) => void told.wishes.push(model),
    again: (names = []) => void told.again.push(...names),
    makeWay: () => undefined,
    close: async () => undefined,
  };
  const decided = () => void told.decided++;
  return { told, finish, desk: createEngineDesk({ roster, setting: null, decided, ...given }) };
}

function wanting(engine: EngineName | 'auto'): Config {
  const config = defaultConfig();
  return { ...config, train: { ...config.train, engine } };
}

const devices = (made: ReturnType<typeof desk>, engine: EngineName | 'auto') =>
  made.desk.placesOf(toFile(wanting(engine))).map(({ device }) => device);

describe('the engine desk', () => {
  it('puts a run where its engine computes: on any GPU, or on the processor that CPU engines share', () => {
    const made = desk([native, wasm]);
    expect([devices(made, 'auto'), devices(made, 'native'), devices(made, 'wasm')]).toEqual([
      ['gpu:0', 'gpu:1'],
      ['gpu:0', 'gpu:1'],
      ['cpu'],
    ]);
    const onCpu = desk([{ ...native, device: 'CPU', devices: cpu }, wasm]);
    expect(devices(onCpu, 'auto')).toEqual(['cpu']);
  });

  it('hands the trainer what it decided by, and pins it', () => {
    const [, second] = desk([native, wasm]).desk.placesOf(toFile(wanting('auto')));
    expect(second.settings).toEqual({
      CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
      CUDA_VISIBLE_DEVICES: '1',
      ALMANAC_ENGINE_REPORTS: JSON.stringify([native, wasm]),
    });
  });

  it('has an architecture measured for the next time where the choice was made without', () => {
    const made = desk([native, wasm]);
    devices(made, 'auto');
    expect(made.told.wishes).toEqual(['mlp']);
    const alone = desk([wasm]);
    devices(alone, 'auto');
    expect(alone.told.wishes).toEqual([]);
  });

  it('lets a run wait for the first tests, but not for ever, and never one that asks for wasm', async () => {
    const made = desk([native, wasm], { isDecided: false, patience: 60_000 });
    expect([devices(made, 'auto'), devices(made, 'native'), devices(made, 'wasm')]).toEqual([[], [], ['cpu']]);
    made.finish();
    await expect.poll(() => made.told.decided).toBe(1);
    expect(devices(made, 'auto')).toEqual(['gpu:0', 'gpu:1']);

    const slow = desk([wasm], { isDecided: false, patience: 20 });
    expect(devices(slow, 'auto')).toEqual([]);
    await expect.poll(() => slow.told.decided).toBe(1);
    expect(devices(slow, 'auto')).toEqual(['cpu']);
  });

  it('refuses what is missing, and looks again whether it still is', async () => {
    const missing: EngineReport = {
      name: 'native',
      available: false,
      device: '',
      version: '',
      reason: 'No CUDA.',
      remedy: 'npm run engine:native',
    };
    const made = desk([missing, wasm]);
    await expect(made.desk.check(wanting('native'))).rejects.toMatchObject({
      code: 'engine_unavailable',
      message: 'No CUDA. To install it: npm run engine:native',
      issues: [{ path: 'train.engine' }],
    });
    expect(made.told.again).toEqual(['native']);
    await made.desk.check(wanting('auto'));
    await made.desk.check(wanting('wasm'));
    const set = desk([missing, wasm], { setting: 'native' });
    await expect(set.desk.check(wanting('auto'))).rejects.toThrow('ALMANAC_ENGINE asks for native. No CUDA.');
    await set.desk.check(wanting('wasm'));
  });

  it('takes a stored configuration that it cannot read for the default one', () => {
    expect(
      desk([wasm])
        .desk.placesOf({ train: 'gone' })
        .map(({ device }) => device),
    ).toEqual(['cpu']);
  });
});
