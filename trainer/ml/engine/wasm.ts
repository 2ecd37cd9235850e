import * as tf from '@tensorflow/tfjs-core';
// Gradients are registered by tfjs-layers, not by tfjs-core.
import '@tensorflow/tfjs-layers';
import { getThreadsCount, version_wasm } from '@tensorflow/tfjs-backend-wasm';
import { AppError } from '#core/error.ts';
import { closeBackend } from './backend.ts';
import type { Engine } from './engine.ts';
import { guardMemory, memoryLimit } from './kernels/memory-guard.ts';
import { installKernels, type WasmBackend } from './kernels/wasm-backend.ts';
import { wasmKernels } from './kernels/wasm-kernels.ts';

let installed = false;

/**
 * tfjs' WebAssembly backend on XNNPACK, with our kernels where it is slow, wrong or lacks one. The binary comes from the
 * package's own folder, never over a network. One thread and fixed loops: equal input gives equal bits.
 */
export async function openWasm(): Promise<Engine> {
  const ready = await tf.setBackend('wasm').catch(() => false);
  if (!ready) {
    throw new AppError(
      'engine_unavailable',
      'The wasm engine did not start: expected a runtime with WebAssembly. Run on Node 24, and reinstall the packages if a file is missing.',
    );
  }
  await tf.ready();
  if (!installed) {
    installKernels(wasmKernels);
    installed = true;
  }
  const peakBytes = guardMemory(tf.backend() as unknown as WasmBackend);
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  const threads = getThreadsCount();
  return {
    name: 'wasm',
    device: `WASM${simd === true ? ' SIMD' : ''}, ${threads} thread${threads === 1 ? '' : 's'}`,
    version: version_wasm,
    memoryLimit,
    peakBytes,
    dispose: () => closeBackend('wasm'),
  };
}
