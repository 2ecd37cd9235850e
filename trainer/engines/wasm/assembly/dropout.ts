// Dropout: the counter-based mask of random/mask.ts, made and applied in one pass.

// @ts-ignore: decorator
@inline function mix(x: v128): v128 {
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 16)), i32x4.splat(0x7feb352d));
  x = i32x4.mul(v128.xor(x, i32x4.shr_u(x, 15)), i32x4.splat(0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** `kept` where index's hash is at or above the threshold, else 0. Comparing unsigned: both sides with the sign bit turned. */
// @ts-ignore: decorator
@inline function maskOf(index: v128, key: v128, tweak: v128, threshold: v128, kept: v128): v128 {
  const hash = mix(v128.xor(mix(v128.xor(index, key)), tweak));
  return v128.and(i32x4.ge_u(hash, threshold), kept);
}

/** Chunk of y = x · mask where every float has a draw of its own: its place in x is its index. */
export function dropoutEach(
  chunk: usize, x: usize, y: usize, count: usize, perChunk: usize, key: i32, tweak: i32, threshold: i32, kept: f32,
): void {
  const first = chunk * perChunk, last = min(count, first + perChunk);
  const keys = i32x4.splat(key), tweaks = i32x4.splat(tweak), thresholds = i32x4.splat(threshold), keeps = f32x4.splat(kept);
  let index = i32x4.add(i32x4.splat(<i32>first), i32x4(0, 1, 2, 3));
  const step = i32x4.splat(4);
  let at = first * 4;
  const end = at + ((last - first) & ~3) * 4;
  for (; at < end; at += 16) {
    v128.store(y + at, f32x4.mul(v128.load(x + at), maskOf(index, keys, tweaks, thresholds, keeps)));
    index = i32x4.add(index, step);
  }
  for (; at < last * 4; at += 4) {
    const mask = maskOf(i32x4.splat(<i32>(at >> 2)), keys, tweaks, thresholds, keeps);
    store<f32>(y + at, load<f32>(x + at) * f32x4.extract_lane(mask, 0));
  }
}

/** Chunk of a mask alone: `count` floats, 0 or `kept`. */
export function dropoutMask(
  chunk: usize, y: usize, count: usize, perChunk: usize, key: i32, tweak: i32, threshold: i32, kept: f32,
): void {
  const first = chunk * perChunk, last = min(count, first + perChunk);
  const keys = i32x4.splat(key), tweaks = i32x4.splat(tweak), thresholds = i32x4.splat(threshold), keeps = f32x4.splat(kept);
  let index = i32x4.add(i32x4.splat(<i32>first), i32x4(0, 1, 2, 3));
  const step = i32x4.splat(4);
  let at = first * 4;
  const end = at + ((last - first) & ~3) * 4;
  for (; at < end; at += 16) {
    v128.store(y + at, maskOf(index, keys, tweaks, thresholds, keeps));
    index = i32x4.add(index, step);
  }
  for (; at < last * 4; at += 4) {
    const mask = maskOf(i32x4.splat(<i32>(at >> 2)), keys, tweaks, thresholds, keeps);
    store<f32>(y + at, f32x4.extract_lane(mask, 0));
  }
}
