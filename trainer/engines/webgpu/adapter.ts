import { AppError } from '#core/error.ts';
import type { Dawn, GpuSettings } from './dawn.ts';
import { explainNoAdapter, webgpuUnavailable } from './missing-driver.ts';

/** An adapter that was chosen. `gpu` must stay referenced as long as the adapter is used. */
interface ChosenAdapter {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  /** In words: "NVIDIA H200, Vulkan, driver 570.86". */
  readonly device: string;
  /** It computes on the CPU (SwiftShader, llvmpipe). */
  readonly software: boolean;
}

/** One adapter as Dawn lists it. */
interface ListedAdapter {
  readonly backend: string;
  readonly name: string;
}

/**
 * The adapter the settings ask for, else Dawn's first choice among those of high performance. Throws `engine_unavailable`
 * where there is none, and where the only one computes on the CPU without leave: wasm is faster than a GPU in software.
 */
export async function chooseAdapter(dawn: Dawn, settings: GpuSettings): Promise<ChosenAdapter> {
  const options = [
    ...(settings.backend === undefined ? [] : [`backend=${settings.backend}`]),
    ...(settings.adapter === undefined ? [] : [`adapter=${settings.adapter}`]),
  ];
  const listed = await listAdapters(dawn);
  const [gpu, adapter] = await request(dawn, options);
  if (adapter === null) {
    if (listed.length === 0 || options.length === 0) throw unavailable(...explainNoAdapter());
    const there = listed.map(({ backend, name }) => `"${name}" (${backend})`).join(', ');
    const asked = `ALMANAC_GPU_ADAPTER="${settings.adapter ?? ''}" and ALMANAC_GPU_BACKEND="${settings.backend ?? ''}"`;
    throw unavailable(`no adapter fits ${asked}; there are ${there}`, 'Change these settings or leave them empty');
  }
  const { info } = adapter;
  const software =
    info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe/i.test(`${info.device} ${info.description}`);
  const device = describeAdapter(info, listed);
  if (software && !settings.software) {
    throw unavailable(
      `the only adapter, ${device}, computes on the CPU, slower than the wasm engine`,
      'Install the driver of your GPU, or try it all the same with ALMANAC_ALLOW_SOFTWARE_GPU=1',
    );
  }
  return { gpu, adapter, device, software };
}

async function request(dawn: Dawn, options: readonly string[]): Promise<[GPU, GPUAdapter | null]> {
  const gpu = dawn.create(options);
  // Dawn rejects where an option fits no adapter, and answers null where there is none at all.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  return [gpu, adapter];
}

/** All adapters, with their full names. WebGPU has no such list: Dawn gives it when it is asked for one that is not there. */
async function listAdapters(dawn: Dawn): Promise<ListedAdapter[]> {
  try {
    await dawn.create(['adapter=no such adapter']).requestAdapter();
    return [];
  } catch (error) {
    return parseAdapters(error instanceof Error ? error.message : String(error));
  }
}

/** Reads lines like ` * backend: 'vulkan', name: 'NVIDIA H200'`. */
export function parseAdapters(message: string): ListedAdapter[] {
  return [...message.matchAll(/backend: '([^']*)', name: '([^'\n]*)'/g)].map(([, backend, name]) => ({
    backend,
    name,
  }));
}

const backendNames: Readonly<Record<string, string>> = {
  vulkan: 'Vulkan',
  metal: 'Metal',
  d3d12: 'Direct3D 12',
  d3d11: 'Direct3D 11',
};

/** In words. WebGPU tells the name in lower case with dashes; the list has it as the driver writes it. */
export function describeAdapter(
  info: Pick<GPUAdapterInfo, 'vendor' | 'device' | 'description'>,
  listed: readonly ListedAdapter[],
): string {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '');
  const match = listed.find(({ name }) => plain(name) === plain(info.device));
  const name = match?.name ?? (info.device || info.vendor || 'unnamed GPU');
  const backend = match && (backendNames[match.backend] ?? match.backend);
  const driver = /[\d.]*\d/.exec(info.description)?.[0];
  return [name, backend, driver && `driver ${driver}`].filter(Boolean).join(', ');
}

function unavailable(why: string, next: string): AppError {
  return new AppError('engine_unavailable', webgpuUnavailable(why, next));
}
