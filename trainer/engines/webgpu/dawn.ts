import { constants } from 'node:os';
import { AppError } from '#core/error.ts';
import { webgpuUnavailable } from './missing-driver.ts';

/** Settings of the environment that the engine reads; the trainer passes them on to its children. */
export interface GpuSettings {
  /** `ALMANAC_GPU_ADAPTER`: part of the name of the adapter that is wanted, e.g. "H200". */
  readonly adapter: string | undefined;
  /** `ALMANAC_GPU_BACKEND`: vulkan, metal, d3d12, …; the platform's own by default. */
  readonly backend: string | undefined;
  /** `ALMANAC_ALLOW_SOFTWARE_GPU=1`: an adapter that computes on the CPU will do. */
  readonly software: boolean;
  /** `ALMANAC_VULKAN_LIBRARY`: path of a Vulkan loader (libvulkan.so.1) that the system does not find by itself. */
  readonly vulkanLibrary: string | undefined;
}

export function readGpuSettings(env: Readonly<Record<string, string | undefined>>): GpuSettings {
  return {
    adapter: env['ALMANAC_GPU_ADAPTER'] || undefined,
    backend: env['ALMANAC_GPU_BACKEND'] || undefined,
    software: env['ALMANAC_ALLOW_SOFTWARE_GPU'] === '1',
    vulkanLibrary: env['ALMANAC_VULKAN_LIBRARY'] || undefined,
  };
}

/** The optional package `webgpu`, as far as we use it: Dawn, the WebGPU of Chromium, as a Node addon. */
export interface Dawn {
  create(options: readonly string[]): GPU;
  /** GPUBuffer, GPUBufferUsage, GPUMapMode and the like, which tfjs takes from the global object. */
  readonly globals: object;
}

/** Loads Dawn. Throws `engine_unavailable` where the package is not there or its library does not load. */
export async function loadDawn({ vulkanLibrary }: GpuSettings): Promise<Dawn> {
  if (vulkanLibrary !== undefined) keepLibrary(vulkanLibrary);
  try {
    const dawn = (await import('webgpu')) as Dawn;
    Object.assign(globalThis, dawn.globals);
    return dawn;
  } catch (cause) {
    const why = `the library of the package webgpu does not load on ${process.platform}-${process.arch} (${brief(cause)})`;
    const next = 'Reinstall the packages with npm install';
    throw new AppError('engine_unavailable', webgpuUnavailable(why, next), { cause });
  }
}

/**
 * Loads a shared library for good, so that Dawn, which asks for `libvulkan.so.1` by name, finds it. Node takes it for an
 * addon, complains that it is none and closes it: the flag RTLD_NODELETE (0x1000 on Linux) keeps it where it is.
 */
function keepLibrary(path: string): void {
  const noDelete = 0x1000;
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | noDelete);
  } catch (cause) {
    if (brief(cause).includes('did not self-register')) return;
    const why = `ALMANAC_VULKAN_LIBRARY does not load (${brief(cause)})`;
    throw new AppError('engine_unavailable', webgpuUnavailable(why, 'Set it to the path of a libvulkan.so.1'), {
      cause,
    });
  }
}

function brief(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
