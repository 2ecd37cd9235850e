import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { nativeFiles, nativeHome, readManifest } from './manifest.ts';

export const nativePackage = '@tensorflow/tfjs-node-gpu';

/** A binding to TensorFlow's C library, and the JavaScript that drives it. */
export interface NativeFiles {
  readonly origin: 'built' | 'installed';
  /** Path of tfjs_binding.node. */
  readonly binding: string;
  /** tfjs-node's `dist` folder. */
  readonly scripts: string;
}

/**
 * The binding that `npm run engine:native` built, else the one that came with the package. The built one is first: it is
 * there only because somebody asked for it, where the package's was missing or its library too old for the card.
 */
export function findNative(home = nativeHome(), packageFolder = findPackage()): NativeFiles | undefined {
  if (readManifest(home) !== undefined) {
    return {
      origin: 'built',
      binding: join(home, nativeFiles.binding),
      scripts: join(home, nativeFiles.scripts),
    };
  }
  const binding = packageFolder === undefined ? undefined : findBinding(join(packageFolder, 'lib'));
  if (packageFolder === undefined || binding === undefined) return undefined;
  return { origin: 'installed', binding, scripts: join(packageFolder, 'dist') };
}

/** Why the engine cannot be here, as far as files tell; undefined where there is something to load. */
export function findNativeAbsence(): string | undefined {
  return findNative() === undefined ? nativeUnavailable(`${nativePackage} is not installed here`) : undefined;
}

/** The message of a native engine that does not work: what, why, and what to do. */
export function nativeUnavailable(why: string): string {
  return `The native engine is not available: ${why}. Run "npm run engine:native", which builds it against a current TensorFlow, or set train.engine to auto or wasm.`;
}

/** Folder of the optional package; undefined where npm has removed it after its installation failed. */
export function findPackage(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${nativePackage}/package.json`));
  } catch {
    return undefined;
  }
}

/** The package's scripts may be there without its binding: its installation downloads that, and may be refused. */
function findBinding(lib: string): string | undefined {
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .map((folder) => join(lib, folder, 'tfjs_binding.node'))
    .find((path) => existsSync(path));
}
