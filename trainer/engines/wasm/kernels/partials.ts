import type { TensorInfo } from '@tensorflow/tfjs-core';
import { address, type WasmBackend } from './wasm-backend.ts';

/** The sums of `pieces` partial results of `width` floats, in their order. */
export function addUp(backend: WasmBackend, partial: number, pieces: number, width: number): TensorInfo {
  const sums = backend.makeOutput([width], 'float32');
  backend.pool.run('addPartials', 1, [partial, address(backend, sums), pieces, width]);
  return sums;
}
