import { openStream } from './random.ts';

/**
 * Dropout mask of `size` values: 0 with probability `rate`, else 1/(1−rate), so that the mean stays 1.
 * The same (seed, step, layer) always gives the same mask.
 */
export function dropoutMask(seed: number, step: number, layer: number, rate: number, size: number): Float32Array {
  const { key, tweak } = openStream(seed, 'dropout', step, layer);
  const threshold = Math.round(rate * 4_294_967_296);
  const kept = 1 / (1 - rate);
  const mask = new Float32Array(size);
  // The hash is written out: this runs for every unit of every step, and a call per value costs more than the value.
  for (let i = 0; i < size; i++) {
    let x = i ^ key;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    x = x ^ (x >>> 16) ^ tweak;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    if ((x ^ (x >>> 16)) >>> 0 >= threshold) mask[i] = kept;
  }
  return mask;
}
