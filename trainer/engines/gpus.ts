import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';

/** An NVIDIA GPU that runs may be given. */
export interface Gpu {
  /** Its number in the order of the PCI bus, as nvidia-smi counts. */
  readonly index: number;
  readonly name: string;
  readonly uuid: string;
}

/**
 * The NVIDIA GPUs that this process may use, by `nvidia-smi -L`: none without a driver, and only those of
 * `CUDA_VISIBLE_DEVICES` where it names some by number or uuid.
 */
export async function listGpus(
  command = 'nvidia-smi',
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<readonly Gpu[]> {
  const text = await new Promise<string>((done) => {
    // There is no such program, no driver, or a driver that does not answer: no GPU can be used.
    execFile(command, ['-L'], { timeout: 10_000 }, (error, stdout) => done(error === null ? stdout : ''));
  });
  const all = text.split('\n').flatMap((line) => findGpu(line) ?? []);
  const visible = env['CUDA_VISIBLE_DEVICES'];
  if (visible === undefined) return all;
  const names = visible.split(',').map((name) => name.trim());
  return names.flatMap((name) => all.find(({ index, uuid }) => name === String(index) || isUuid(name, uuid)) ?? []);
}

/** CUDA takes the beginning of a uuid for the whole. */
function isUuid(name: string, uuid: string): boolean {
  return name.startsWith('GPU-') && uuid.startsWith(name);
}

/** `GPU 0: NVIDIA H200 (UUID: GPU-…)`; lines of MIG slices begin otherwise. */
function findGpu(line: string): Gpu | undefined {
  const found = /^GPU (\d+): (.*) \(UUID: (GPU-[^)]*)\)\s*$/.exec(line);
  return found === null ? undefined : { index: Number(found[1]), name: found[2], uuid: found[3] };
}

/**
 * Whether there may be a GPU for WebGPU, as far as files tell: a render node or an NVIDIA driver on Linux, or a Vulkan
 * driver that was named in the environment. Elsewhere the system brings one.
 */
export function mayHaveGpu(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
): boolean {
  if (platform !== 'linux') return true;
  if (env['VK_ICD_FILENAMES'] || env['VK_DRIVER_FILES'] || env['ALMANAC_VULKAN_LIBRARY']) return true;
  // WSL has a GPU under a name of its own.
  if (existsSync('/dev/nvidiactl') || existsSync('/dev/dxg')) return true;
  return hasRenderNode('/dev/dri');
}

function hasRenderNode(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => name.startsWith('renderD'));
  } catch {
    return false;
  }
}
