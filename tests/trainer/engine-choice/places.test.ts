import { describe, expect, it } from 'vitest';
import type { EngineName } from '#core/engines/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import { findDevices, placesOf } from '#trainer/engine-choice/places.ts';
import { findPlace } from '#trainer/sidecar/runs/place.ts';

const report = (name: EngineName, device: string): EngineReport => ({ name, available: true, device, version: '1' });
const gpus = [
  { index: 0, name: 'NVIDIA H200', uuid: 'GPU-a' },
  { index: 3, name: 'NVIDIA H200', uuid: 'GPU-b' },
];
const idsOf = (one: EngineReport, cards = gpus, env = {}) => findDevices(one, cards, env).map(({ id }) => id);

describe('findDevices', () => {
  it('knows what an engine keeps busy', () => {
    expect(idsOf(report('wasm', 'WASM SIMD, 1 thread'))).toEqual(['cpu']);
    expect(idsOf(report('native', 'CPU, TensorFlow 2.21'))).toEqual(['cpu']);
    expect(idsOf(report('native', 'NVIDIA H200'))).toEqual(['gpu:0', 'gpu:3']);
    expect(idsOf(report('webgpu', 'SwiftShader Device (LLVM 16)'))).toEqual(['cpu']);
    // Dawn cannot tell two cards of one name apart.
    const dawn = 'NVIDIA H200, Vulkan, driver 570.86';
    expect(idsOf(report('webgpu', dawn))).toEqual(['gpu:0']);
    const mixed = [...gpus, { index: 5, name: 'NVIDIA L4', uuid: 'GPU-c' }];
    expect(idsOf(report('webgpu', dawn), mixed)).toEqual(['gpu:0', 'gpu:5']);
    expect(idsOf(report('webgpu', 'NVIDIA L4, Vulkan'), mixed, { ALMANAC_GPU_ADAPTER: 'L4' })).toEqual(['gpu:5']);
    expect(idsOf(report('webgpu', 'AMD Radeon RX 7900'))).toEqual(['gpu:0']);
    expect(idsOf(report('webgpu', 'Apple M4'), [])).toEqual(['gpu:0']);
    expect(idsOf({ ...report('native', ''), available: false })).toEqual([]);
  });
});

describe('placesOf', () => {
  it('pins a run to one of several GPUs, by number for CUDA and by name for Dawn', () => {
    const cards = [gpus[0], { index: 3, name: 'NVIDIA L4', uuid: 'GPU-b' }];
    const settingsOf = (one: EngineReport) =>
      placesOf({ ...one, devices: findDevices(one, cards, {}) }).map(({ settings }) => settings);
    const cuda = (index: string) => ({ CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: index });
    expect(settingsOf(report('native', 'NVIDIA H200'))).toEqual([cuda('0'), cuda('3')]);
    expect(settingsOf(report('webgpu', 'NVIDIA H200'))).toEqual([
      { ...cuda('0'), ALMANAC_GPU_ADAPTER: 'NVIDIA H200' },
      { ...cuda('3'), ALMANAC_GPU_ADAPTER: 'NVIDIA L4' },
    ]);
  });

  it('leaves a single device to the settings of the person', () => {
    const native = report('native', 'NVIDIA H200');
    expect(placesOf({ ...native, devices: findDevices(native, gpus.slice(0, 1)) })).toEqual([
      { device: 'gpu:0', settings: {} },
    ]);
  });
});

describe('findPlace', () => {
  const places = ['gpu:0', 'gpu:3'].map((device) => ({ device, settings: {} }));

  it('takes the first free device, and waits where there is none', () => {
    const device = (...taken: string[]) => findPlace(places, taken, { share: false })?.device;
    expect([device(), device('cpu'), device('gpu:0'), device('gpu:3')]).toEqual(['gpu:0', 'gpu:0', 'gpu:3', 'gpu:0']);
    expect(device('gpu:0', 'gpu:3')).toBeUndefined();
    expect(findPlace([], [], { share: false })).toBeNull();
  });

  it('spreads runs that share devices', () => {
    expect(findPlace(places, ['gpu:0', 'gpu:3', 'gpu:0'], { share: true })?.device).toBe('gpu:3');
    expect(findPlace([], [], { share: true })).toBeNull();
  });
});
