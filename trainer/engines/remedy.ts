import type { EngineName } from '#core/config/train.ts';
import { assertNever } from '#core/error.ts';

/** What to run, or where no command does it what to install, so that an engine that is missing here works. */
export function findRemedy(name: EngineName, platform: NodeJS.Platform = process.platform): string {
  switch (name) {
    case 'wasm':
      return 'npm ci';
    case 'native':
      return 'npm run engine:native';
    case 'webgpu':
      // NVIDIA's driver brings its own Vulkan; Mesa's is that of AMD and Intel.
      return platform === 'linux'
        ? "sudo apt-get install libvulkan1 mesa-vulkan-drivers (AMD, Intel), or NVIDIA's own driver"
        : "the newest driver of the GPU's vendor";
    default:
      return assertNever(name);
  }
}

/** Whether a reason says already what to run. */
export function namesCommand(reason: string): boolean {
  return /\b(npm (run|ci|install)|apt(-get)? install)\b/.test(reason);
}
