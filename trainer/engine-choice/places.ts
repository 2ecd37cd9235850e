import type { EngineName } from '#core/config/train.ts';
import type { EngineReport } from '#core/engine/report.ts';
import type { Gpu } from '#trainer/engines/gpus.ts';

/** Where a run may be put: what it keeps busy, and the settings that keep it there. */
interface Place {
  /** `cpu` or `gpu:<index>`; engines share devices. */
  readonly device: string;
  readonly settings: Readonly<Record<string, string>>;
}

type Devices = NonNullable<EngineReport['devices']>;

/** Vulkan drivers that compute on the processor. */
const software = /swiftshader|llvmpipe|lavapipe|\bcpu\b/i;

/** The devices that runs on this engine occupy, one each; none where the engine does not work. */
export function findDevices(
  { name, available, device }: EngineReport,
  gpus: readonly Gpu[],
  env = process.env,
): Devices {
  if (!available) return [];
  if (name === 'wasm' || (name === 'native' ? /\bcpu\b/i : software).test(device)) return [{ id: 'cpu', name: device }];
  const cards = name === 'native' ? gpus : adapters(device, gpus, env['ALMANAC_GPU_ADAPTER'] ?? '');
  return cards.length === 0
    ? [{ id: 'gpu:0', name: device }]
    : cards.map((gpu) => ({ id: `gpu:${gpu.index}`, name: gpu.name }));
}

/**
 * The cards that WebGPU can be told to take: Dawn knows them by name alone, so of several with one name only the first.
 * None where it took another vendor's, which may sit beside NVIDIA's.
 */
function adapters(device: string, gpus: readonly Gpu[], wanted: string): readonly Gpu[] {
  if (!gpus.some((gpu) => device.includes(gpu.name))) return [];
  return gpus.filter((gpu, i) => gpu.name.includes(wanted) && gpus.findIndex(({ name }) => name === gpu.name) === i);
}

/** The places for a run on this engine, in the order in which they are to be tried. */
export function placesOf({ name, devices = [] }: EngineReport): readonly Place[] {
  return devices.map((device) => ({ device: device.id, settings: devices.length > 1 ? pin(name, device) : {} }));
}

/** One GPU of several: for CUDA, and for whoever reads its load, by nvidia-smi's number; for Dawn by its name. */
function pin(engine: EngineName, { id, name }: Devices[number]): Record<string, string> {
  const cuda = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: id.replace(/^gpu:/, '') };
  return engine === 'webgpu' ? { ...cuda, ALMANAC_GPU_ADAPTER: name } : cuda;
}
