import type { EngineName } from '#core/engines/registry.ts';
import type { EngineReport } from '#core/engines/report.ts';
import type { Gpu } from '#trainer/engines/gpus.ts';
import { engineDrivers } from '#trainer/engines/registry.ts';

/** Where a run may be put: what it keeps busy, and the settings that keep it there. */
interface Place {
  /** `cpu` or `gpu:<index>`; engines share devices. */
  readonly device: string;
  readonly settings: Readonly<Record<string, string>>;
}

type Devices = NonNullable<EngineReport['devices']>;

/** The devices that runs on this engine occupy, one each; none where the engine does not work. */
export function findDevices(
  { name, available, device }: EngineReport,
  gpus: readonly Gpu[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Devices {
  if (!available) return [];
  const cards = engineDrivers[name].findCards(device, gpus, env);
  if (cards === null) return [{ id: 'cpu', name: device }];
  return cards.length === 0
    ? [{ id: 'gpu:0', name: device }]
    : cards.map((gpu) => ({ id: `gpu:${gpu.index}`, name: gpu.name }));
}

/** The places for a run on this engine, in the order in which they are to be tried. */
export function placesOf({ name, devices = [] }: EngineReport): readonly Place[] {
  return devices.map((device) => ({ device: device.id, settings: devices.length > 1 ? pin(name, device) : {} }));
}

/**
 * Picks one of several GPUs: by nvidia-smi's number for CUDA and for the reader of its load; by other settings where
 * the engine needs them.
 */
function pin(engine: EngineName, { id, name }: Devices[number]): Readonly<Record<string, string>> {
  const cuda = { CUDA_DEVICE_ORDER: 'PCI_BUS_ID', CUDA_VISIBLE_DEVICES: id.replace(/^gpu:/, '') };
  return { ...cuda, ...engineDrivers[engine].pin?.(name) };
}
