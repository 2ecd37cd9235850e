import * as tf from '@tensorflow/tfjs-core';
// Gradients are registered by tfjs-layers, not by tfjs-core.
import '@tensorflow/tfjs-layers';
import { BackendWasm, setThreadsCount, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { AppError } from '#core/error.ts';
import { closeBackend } from '../close-backend.ts';
import type { Engine } from '../engine.ts';
import { guardMemory, memoryLimit } from './kernels/memory-guard.ts';
import { installKernels, type WasmBackend } from './kernels/wasm-backend.ts';
import { wasmKernels } from './kernels/wasm-kernels.ts';
import { openSharedModule } from './shared-module.ts';
import { type Heap, ThreadPool } from './thread-pool.ts';

let installed = false;

/**
 * tfjs' WebAssembly backend on a heap that threads share, with our kernels where it is slow or lacks one. Binaries
 * come from the packages and from set-up, never over a network. Work is cut by sizes alone: equal input gives equal bits,
 * with any number of threads.
 */
export async function openWasm(): Promise<Engine> {
  const { pool, peakBytes } = await openBackend().catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'engine_unavailable',
      'The wasm engine did not start: expected a runtime with WebAssembly SIMD and shared memory. Run on Node 24, and reinstall the packages if a file is missing.',
      { cause },
    );
  });
  return {
    name: 'wasm',
    device: `WASM SIMD, ${pool.threads} thread${pool.threads === 1 ? '' : 's'}`,
    version: version_wasm,
    memoryLimit,
    peakBytes,
    dispose: () => {
      pool.dispose();
      closeBackend('wasm');
    },
  };
}

async function openBackend(): Promise<{ pool: ThreadPool; peakBytes: () => number }> {
  const { module, memory } = await openSharedModule();
  // XNNPACK runs in the calling thread; what is worth sharing is in our kernels.
  setThreadsCount(1);
  const backend = new BackendWasm(module);
  const peakBytes = guardMemory(backend as unknown as WasmBackend);
  const pool = new ThreadPool(memory, backend.wasm as unknown as Heap);
  Object.assign(backend, { pool });
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => backend, 0);
  // Kernels set themselves up when the backend does: the shipped ones first, for ours call them.
  await tf.setBackend('wasm');
  await tf.ready();
  if (!installed) {
    installKernels(wasmKernels);
    installed = true;
  }
  return { pool, peakBytes };
}
