import { wasm as descriptor } from '#core/engines/wasm.ts';
import { AppError } from '#core/error.ts';
import type { WasmBackend } from './wasm-backend.ts';

/** Bytes that tensors may take; the page knows it too. */
export const memoryLimit = descriptor.memoryLimit;

/**
 * Lets an allocation that does not fit throw `out_of_memory`. tfjs checks nothing here: it would go on with address 0
 * and overwrite its own memory, or abort inside a kernel. Call it once a backend. Answers a function that tells the most
 * bytes that were taken at once so far.
 *
 * What is allocated and freed is counted here: tfjs' own `numBytes` counts a reshaped tensor and one that is kept for the
 * backward pass once more each, though they share the memory of the first, and so comes to about twice what is taken.
 */
export function guardMemory(backend: Pick<WasmBackend, 'wasm'>, limit = memoryLimit): () => number {
  const { wasm } = backend;
  // Emscripten's functions replace themselves when they are first called, which would replace our guard as well.
  wasm._free(wasm._malloc(1));
  const { _malloc: malloc, _free: free } = wasm;
  const sizes = new Map<number, number>();
  let used = 0;
  let peak = 0;
  wasm._malloc = (bytes) => {
    if (used + bytes > limit) throw outOfMemory(bytes, used, limit);
    const address = malloc(bytes);
    if (address === 0 && bytes > 0) throw outOfMemory(bytes, used, limit);
    // Addresses beyond 2 GB arrive as negative numbers and are returned as positive ones.
    sizes.set(address >>> 0, bytes);
    used += bytes;
    peak = Math.max(peak, used);
    return address;
  };
  wasm._free = (address) => {
    used -= sizes.get(address >>> 0) ?? 0;
    sizes.delete(address >>> 0);
    free(address);
  };
  return () => peak;
}

function outOfMemory(bytes: number, used: number, limit: number): AppError {
  const megabytes = (value: number) => `${Math.ceil(value / 1e6)} MB`;
  return new AppError(
    'out_of_memory',
    `The wasm engine has room for ${megabytes(limit)}; ${megabytes(used)} are in use and ${megabytes(bytes)} more were asked for. Lower train.batch_size or model.lookback, or choose a smaller model.variant.`,
  );
}
