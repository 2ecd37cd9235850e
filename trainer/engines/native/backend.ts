import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type Binding, canBuildGraphs } from './binding.ts';
import type { NativeFiles } from './find.ts';
import { installGather } from './kernels/gather.ts';
import { installKernels } from './kernels.ts';
import { createGraphBackend } from './graph-backend.ts';
import type { NodeBackendClass } from './node-backend.ts';

export interface LoadedBackend {
  readonly binding: Binding;
  /** Of tfjs-node. */
  readonly version: string;
}

export const backendName = 'tensorflow';

/**
 * Loads the binding and tfjs-node's kernels and registers them as the backend `tensorflow`, on the tfjs-core that we
 * use ourselves. The package's own index.js is not loaded: it wants its whole dependency tree, the union package and a
 * downloader among it. Throws the message of the dynamic linker where a library is missing.
 */
export function loadBackend({ binding: path, scripts }: NativeFiles): LoadedBackend {
  const require = createRequire(import.meta.url);
  addRemovedFunctions(require);
  const binding = require(path) as Binding;
  const { NodeJSKernelBackend } = require(join(scripts, 'nodejs_kernel_backend.js')) as {
    NodeJSKernelBackend: NodeBackendClass & (new (binding: Binding, packageName: string) => tf.KernelBackend);
  };
  require(join(scripts, 'register_all_kernels.js'));
  installGather(backendName);
  installKernels(backendName);
  const create = (): tf.KernelBackend =>
    canBuildGraphs(binding)
      ? createGraphBackend(NodeJSKernelBackend, binding)
      : new NodeJSKernelBackend(binding, '@tensorflow/tfjs-node-gpu');
  tf.registerBackend(backendName, create, 0);
  const { version } = require(join(scripts, 'version.js')) as { version: string };
  return { binding, version };
}

/** tfjs-node 4.22 calls two functions that Node deprecated and 23 removed, on its first operation; it sees the CommonJS module object. */
function addRemovedFunctions(require: NodeJS.Require): void {
  const util = require('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value == null;
  util.isArray = Array.isArray;
}
