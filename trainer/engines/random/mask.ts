import { openStream } from './random.ts';

/** What decides a mask; the integers are unsigned. */
export interface MaskDraw {
  readonly key: number;
  readonly tweak: number;
  /** Hashes below it are dropped: rate · 2³². */
  readonly threshold: number;
  /** What the others become: 1/(1−rate), so that the mean stays 1. */
  readonly kept: number;
}

/** The draw of (seed, step, layer): always the same one. `rate` in [0, 1). */
export function openDraw(seed: number, step: number, layer: number, rate: number): MaskDraw {
  const { key, tweak } = openStream(seed, 'dropout', step, layer);
  return {
    key: key >>> 0,
    tweak: tweak >>> 0,
    threshold: Math.min(Math.round(rate * 4_294_967_296), 4_294_967_295),
    kept: 1 / (1 - rate),
  };
}

/** The mask of a draw: `size` values, 0 or `kept`. */
export function drawMask({ key, tweak, threshold, kept }: MaskDraw, size: number): Float32Array {
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
