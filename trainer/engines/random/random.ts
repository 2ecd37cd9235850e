/**
 * Counter-based random numbers: a value depends only on (seed, purpose, counters, index), never on what was drawn
 * before. Training can therefore go on from any step without a generator state, and order of use does not matter.
 */

/** What numbers are used for; a purpose never shares numbers with another one. */
type Purpose = 'init' | 'shuffle' | 'dropout';
const purposes: Readonly<Record<Purpose, number>> = { init: 1, shuffle: 2, dropout: 3 };

/** A stream of numbers, one for each index 0 … 2³²−1. */
export interface Stream {
  readonly key: number;
  readonly tweak: number;
}

/** The stream of a seed (≥ 0), a purpose and any number of counters (epoch, step, layer, …). */
export function openStream(seed: number, purpose: Purpose, ...counters: readonly number[]): Stream {
  let key = mix((seed >>> 0) ^ 0x9e3779b9);
  let tweak = mix(key ^ 0x85ebca6b);
  for (const counter of [purposes[purpose], ...counters]) {
    key = mix(key ^ (counter >>> 0));
    tweak = mix((tweak + key) | 0);
  }
  return { key, tweak };
}

/** 32 random bits, as an unsigned integer. */
export function bits(stream: Stream, index: number): number {
  return mix(mix((index ^ stream.key) | 0) ^ stream.tweak) >>> 0;
}

/** Uniform in [0, 1), a multiple of 2⁻³². */
export function uniform(stream: Stream, index: number): number {
  return bits(stream, index) / 4_294_967_296;
}

/** Standard normal by Box and Muller; uses indices 2·index and 2·index + 1 of the stream. */
export function normal(stream: Stream, index: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(stream, 2 * index)));
  return radius * Math.cos(2 * Math.PI * uniform(stream, 2 * index + 1));
}

/** Integers 0 … count−1 in random order (Fisher and Yates). */
export function permutation(stream: Stream, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(uniform(stream, i) * (i + 1));
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order;
}

/** Chris Wellons' `lowbias32`: a bijection of 32 bits with a bias of 0.17 (public domain, nullprogram.com/blog/2018/07/31). */
function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
