import { createRequire } from 'node:module';
import type { EngineName } from '#core/config/train.ts';
import { assertNever } from '#core/error.ts';
import { findNative, nativePackage } from './native/find.ts';
import { findMissingLoader } from './webgpu/missing-driver.ts';

/**
 * Why an engine cannot be here, as far as files tell; undefined when it is worth a try. It costs microseconds and loads
 * nothing, so that a run need not start a process to learn that an optional package is not installed.
 */
export function findAbsence(name: EngineName): string | undefined {
  switch (name) {
    case 'wasm':
      return undefined;
    case 'webgpu':
      return findWebgpuAbsence();
    case 'native':
      return findNative() === undefined ? nativeUnavailable(`${nativePackage} is not installed here`) : undefined;
    default:
      return assertNever(name);
  }
}

function findWebgpuAbsence(): string | undefined {
  if (!hasPackage('webgpu'))
    return webgpuUnavailable('the optional package webgpu is not installed', 'Install it with npm install webgpu');
  const missing = findMissingLoader();
  return missing && webgpuUnavailable(...missing);
}

/** The message of a webgpu engine that does not work: what, why, and what to do next. */
export function webgpuUnavailable(why: string, next: string): string {
  return `The webgpu engine is not available: ${why}. ${next}. Set train.engine to auto or wasm to go on without it.`;
}

/** The message of a native engine that does not work: what, why, and what to do. */
export function nativeUnavailable(why: string): string {
  return `The native engine is not available: ${why}. Run "npm run engine:native", which builds it against a current TensorFlow, or set train.engine to auto or wasm.`;
}

function hasPackage(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

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
