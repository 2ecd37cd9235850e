import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

/** Where things are looked for; tests give places of their own. */
interface DriverPlaces {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders of shared libraries. */
  readonly libraries: readonly string[];
  /** The dynamic linker's list of libraries, which has folders that we do not know. */
  readonly cache: string;
  /** Folders of manifests of Vulkan drivers (`*.json`). */
  readonly manifests: readonly string[];
  /** Kernel drivers that are loaded, e.g. `nvidia`. */
  readonly kernel: readonly string[];
}

const loader = 'libvulkan.so.1';

const usual = (): DriverPlaces => ({
  platform: process.platform,
  env: process.env,
  libraries: [
    '/usr/lib',
    '/usr/lib64',
    '/usr/local/lib',
    '/lib',
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
  ],
  cache: '/etc/ld.so.cache',
  manifests: ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'],
  kernel: ['nvidia', 'amdgpu', 'i915', 'xe'].filter((name) => existsSync(join('/sys/module', name))),
});

/** Why the engine cannot be here, as far as files tell; undefined where it is worth a try. */
export function findWebgpuAbsence(): string | undefined {
  if (!hasPackage('webgpu'))
    return webgpuUnavailable('the optional package webgpu is not installed', 'Install it with npm install webgpu');
  const missing = findMissingLoader();
  return missing && webgpuUnavailable(...missing);
}

/** The message of a webgpu engine that does not work: what, why, and what to do next. */
export function webgpuUnavailable(why: string, next: string): string {
  return `The webgpu engine is not available: ${why}. ${next}. Set train.engine to auto or wasm to go on without it.`;
}

/**
 * What WebGPU certainly lacks here, as far as files tell, and the next step; undefined where it is worth a try. Only Linux leaves
 * it to the system whether there is a Vulkan loader.
 */
export function findMissingLoader(places: DriverPlaces = usual()): [why: string, next: string] | undefined {
  const { platform, env, libraries, cache } = places;
  const given = env['LD_LIBRARY_PATH']?.split(delimiter).filter((folder) => folder !== '') ?? [];
  if (platform !== 'linux' || env['ALMANAC_VULKAN_LIBRARY']) return undefined;
  if ([...given, ...libraries].some((folder) => existsSync(join(folder, loader)))) return undefined;
  if (readText(cache).includes(loader)) return undefined;
  return [`the Vulkan loader ${loader} is missing`, 'Install it (Debian and Ubuntu: apt-get install libvulkan1)'];
}

/** Why Dawn found no adapter, and the next step: on Linux a GPU needs a Vulkan loader, a driver and its manifest. */
export function explainNoAdapter(places: DriverPlaces = usual()): [why: string, next: string] {
  const { platform, env, manifests, kernel } = places;
  if (platform !== 'linux') return ['the system offers no GPU to WebGPU', 'Update the driver of your GPU'];
  const missing = findMissingLoader(places);
  if (missing !== undefined) return missing;
  const named = env['VK_DRIVER_FILES'] ?? env['VK_ICD_FILENAMES'];
  if (named === undefined && !manifests.some((folder) => listJson(folder).length > 0))
    return [
      'the Vulkan loader finds no driver, as there is no manifest in /usr/share/vulkan/icd.d',
      driverStep(kernel),
    ];
  if (named !== undefined && !named.split(delimiter).some((path) => existsSync(path)))
    return [`VK_DRIVER_FILES or VK_ICD_FILENAMES names no file that is there (${named})`, 'Correct or remove it'];
  return ['Vulkan drivers are installed, but none of them finds a GPU it can use', driverStep(kernel)];
}

function driverStep(kernel: readonly string[]): string {
  if (kernel.includes('nvidia'))
    return 'Install the Vulkan part of the NVIDIA driver in the version of its kernel module (Debian: nvidia-vulkan-icd; in a container, NVIDIA_DRIVER_CAPABILITIES=all)';
  if (kernel.length > 0)
    return 'Install Mesa’s Vulkan drivers (Debian and Ubuntu: apt-get install mesa-vulkan-drivers)';
  return 'No driver of a GPU is loaded: install your GPU’s, on NVIDIA the proprietary one, else mesa-vulkan-drivers';
}

function hasPackage(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

function listJson(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
