import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { arch, cpus, platform } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Gpu } from '#trainer/engines/gpus.ts';
import { engineNames } from '#core/engines/registry.ts';
import { engineDrivers } from '#trainer/engines/registry.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Settings that decide which device an engine gets, or how fast it is. */
const settings =
  /^(CUDA_|VK_|TF_|OMP_|XLA_|NVIDIA_|MESA_|DRI_PRIME$|ALMANAC_(THREADS$|NATIVE$|GPU_|ALLOW_SOFTWARE_GPU$|VULKAN_LIBRARY$))/;

/**
 * A digest of all that a measurement depends on and that can be told without opening an engine: our code that trains,
 * the packages, Node, processor, GPUs and settings. Where it is the same, nothing need be measured again.
 */
export async function describeSurroundings(
  gpus: readonly Gpu[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const hash = createHash('sha256');
  const packages = ['package-lock.json', 'node_modules/.package-lock.json'].map((name) => join(project, name));
  const folders = [join('trainer', 'ml'), join('trainer', 'engines'), join('src', 'core', 'models')];
  const ours = await Promise.all(folders.map((folder) => sources(join(project, folder))));
  for (const path of [...packages, ...ours.flat()]) {
    hash.update(await readFile(path).catch(() => 'none'));
  }
  // These files are built on this machine, against whatever library was available.
  for (const path of engineNames.flatMap((name) => engineDrivers[name].findBuilt?.() ?? [])) {
    hash.update(`${path} ${(await stat(path)).mtimeMs}`);
  }
  const set = Object.entries(env).filter(([name]) => settings.test(name));
  const machine = [process.version, platform(), arch(), cpus().length, cpus()[0]?.model ?? '', gpus, set.sort()];
  return hash.update(JSON.stringify(machine)).digest('hex');
}

async function sources(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => /\.(ts|wasm|node)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}
