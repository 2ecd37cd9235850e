import * as tf from '@tensorflow/tfjs-core';
import { AppError } from '#core/error.ts';
import { wasmMemoryLimit } from '#core/estimate/limits.ts';
import type { WasmBackend } from './wasm-backend.ts';

/** Bytes that tensors may take; the page knows it too. */
export const memoryLimit = wasmMemoryLimit;

/**
 * Lets an allocation that does not fit throw `out_of_memory`. tfjs checks nothing here: it would go on with address 0
 * and overwrite its own memory, or abort inside a kernel. Call it once a backend. Answers a function that tells the most
 * bytes that tensors took at once so far.
 */
export function guardMemory(backend: WasmBackend, limit = memoryLimit): () => number {
  // Emscripten's function puts another in its place when it is first called, and would put our guard away with itself.
  backend.wasm._free(backend.wasm._malloc(1));
  const malloc = backend.wasm._malloc;
  let peak = 0;
  backend.wasm._malloc = (bytes) => {
    const used = tf.engine().state.numBytes;
    if (used + bytes > limit) throw outOfMemory(bytes, used);
    const address = malloc(bytes);
    if (address === 0 && bytes > 0) throw outOfMemory(bytes, used);
    peak = Math.max(peak, used + bytes);
    return address;
  };
  return () => peak;
}

function outOfMemory(bytes: number, used: number): AppError {
  const megabytes = (value: number) => `${Math.ceil(value / 1e6)} MB`;
  return new AppError(
    'out_of_memory',
    `The wasm engine has room for ${megabytes(memoryLimit)}; ${megabytes(used)} are in use and ${megabytes(bytes)} more were asked for. Lower train.batch_size or model.lookback, or choose a smaller model.variant.`,
  );
}
