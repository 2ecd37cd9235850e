import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { EngineName } from '#core/config/train.ts';
import { assertNever } from '#core/error.ts';

export const nativePackage = '@tensorflow/tfjs-node-gpu';

/**
 * Why an engine cannot be here, as far as files tell; undefined when it is worth a try. It costs microseconds and loads
 * nothing, so that a run need not start a process to learn that an optional package is not installed.
 */
export function findAbsence(name: EngineName): string | undefined {
  switch (name) {
    case 'wasm':
      return undefined;
    case 'webgpu':
      return 'The webgpu engine comes in a later version. Set train.engine to auto, wasm or native.';
    case 'native':
      return hasNativeLibrary()
        ? undefined
        : nativeUnavailable(`the optional package ${nativePackage} is not installed`);
    default:
      return assertNever(name);
  }
}

/** The message of a native engine that does not work: what, why, and what to do. */
export function nativeUnavailable(why: string): string {
  return `The native engine is not available: ${why}. Install ${nativePackage} with CUDA 11.2 and cuDNN 8.1 on an NVIDIA GPU, or set train.engine to auto or wasm.`;
}

/** The package's scripts may be there without its binding: its installation downloads that, and may be refused. */
function hasNativeLibrary(): boolean {
  try {
    const lib = join(dirname(createRequire(import.meta.url).resolve(`${nativePackage}/package.json`)), 'lib');
    return readdirSync(lib).some((folder) => existsSync(join(lib, folder, 'tfjs_binding.node')));
  } catch {
    return false;
  }
}
