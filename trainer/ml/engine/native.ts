import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { AppError } from '#core/error.ts';
import { findAbsence, nativePackage, nativeUnavailable } from './absence.ts';
import type { Engine } from './engine.ts';

/** The part of tfjs-node's backend that tells whether TensorFlow found a GPU; it lists the CPU alone without a word. */
interface NodeBackend {
  readonly isUsingGpuDevice: boolean;
}

/**
 * TensorFlow's C library through tfjs-node-gpu, an optional package. Ready only when a GPU was found and has computed a
 * product: with CUDA missing the library would silently use the CPU, where the wasm engine serves as well.
 */
export async function openNative(): Promise<Engine> {
  const absence = findAbsence('native');
  if (absence !== undefined) throw new AppError('engine_unavailable', absence);
  prepare();
  const version = load();
  if (!(await tf.setBackend('tensorflow').catch(() => false))) throw unavailable('TensorFlow did not start');
  await tf.ready();
  const backend = tf.engine().findBackend('tensorflow') as unknown as NodeBackend;
  if (!backend.isUsingGpuDevice) {
    throw unavailable('TensorFlow found no GPU: expected an NVIDIA GPU with a driver and CUDA libraries it can load');
  }
  const product = tf.tidy(() => tf.sum(tf.matMul(tf.ones([64, 64]), tf.ones([64, 64]))));
  const [sum] = await product.data();
  product.dispose();
  if (sum !== 64 ** 3) throw unavailable(`a 64 × 64 product of ones summed to ${sum} instead of ${64 ** 3}`);
  return {
    name: 'native',
    device: deviceName(),
    version,
    memoryLimit: null,
    peakBytes: () => null,
    dispose: () => undefined,
  };
}

/** Environment and shims that must be in place before the package is loaded. */
function prepare(): void {
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_DETERMINISTIC_OPS ??= '1';
  // The binding copies to the last GPU listed while operations run on the first: one visible GPU keeps them the same.
  process.env.CUDA_VISIBLE_DEVICES = (process.env.CUDA_VISIBLE_DEVICES ?? '0').split(',')[0];
  // tfjs-node 4.22 calls two functions that Node 23 removed, on its first operation; it sees the CommonJS module object.
  const util = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  util.isNullOrUndefined ??= (value: unknown) => value == null;
  util.isArray ??= Array.isArray;
}

/** The driver's name of the GPU in use; TensorFlow does not tell it. */
function deviceName(): string {
  const args = ['--query-gpu=name', '--format=csv,noheader', '-i', process.env.CUDA_VISIBLE_DEVICES ?? '0'];
  try {
    const name = execFileSync('nvidia-smi', args, {
      encoding: 'utf8',
      timeout: 5000,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return name.split('\n')[0].trim() || 'NVIDIA GPU';
  } catch {
    return 'NVIDIA GPU';
  }
}

/** Loads the package, which registers the backend `tensorflow`, and returns its version. */
function load(): string {
  const require = createRequire(import.meta.url);
  try {
    const loaded = require(nativePackage) as { version: Record<string, string> };
    return loaded.version['tfjs-node'];
  } catch (cause) {
    throw unavailable('its native library does not load', cause);
  }
}

function unavailable(why: string, cause?: unknown): AppError {
  return new AppError('engine_unavailable', nativeUnavailable(why), { cause });
}
