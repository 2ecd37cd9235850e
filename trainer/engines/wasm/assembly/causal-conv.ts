// A causal convolution over the last steps of sequences kept flat, an element of the batch at a time. The steps that one output
// reads lie side by side in memory, so that a convolution is a product with overlapping rows: nothing is gathered.
import { addBias, multiplyRows, packPanels } from './gemm';
import { ownScratch } from './threads';

/** Where the steps that are read begin: in the sequence itself, or in a copy with zeros in front where it is too short. */
// @ts-ignore: decorator
@inline function readSteps(x: usize, have: usize, need: usize, stepBytes: usize, copy: usize): usize {
  if (need <= have) return x + (have - need) * stepBytes;
  const missing = (need - have) * stepBytes;
  memory.fill(copy, 0, missing);
  memory.copy(copy + missing, x, have * stepBytes);
  return copy;
}

/**
 * Chunk of y [batch, steps, channels] = x [batch, have, width] · kernel [taps·width, channels] (packed) + bias, then ReLU if
 * wanted; `perChunk` elements of the batch. Scratch: what multiplyRows wants for `steps` rows, then (need · width) floats,
 * need = stride·(steps−1) + taps.
 */
export function causalConv(
  chunk: usize, x: usize, packed: usize, bias: usize, y: usize, batch: usize, have: usize, width: usize, taps: usize,
  channels: usize, steps: usize, stride: usize, relu: i32, perChunk: usize, productFloats: usize, scratch: usize,
  scratchSize: usize,
): void {
  const own = ownScratch(scratch, scratchSize);
  const copy = own + productFloats * 4;
  const need = stride * (steps - 1) + taps;
  const rowBytes = channels * 4;
  const first = chunk * perChunk, last = min(batch, first + perChunk);
  for (let index = first; index < last; index++) {
    const from = readSteps(x + index * have * width * 4, have, need, width * 4, copy);
    const to = y + index * steps * rowBytes;
    multiplyRows(from, stride * width * 4, 4, packed, to, rowBytes, 0, steps, taps * width, channels, false, own);
    addBias(to, steps, channels, bias, relu != 0);
  }
}

/** Adds `count` floats. */
// @ts-ignore: decorator
@inline function addTo(to: usize, from: usize, count: usize): void {
  let at: usize = 0;
  for (; at + 4 <= count; at += 4) v128.store(to + at * 4, f32x4.add(v128.load(to + at * 4), v128.load(from + at * 4)));
  for (; at < count; at++) store<f32>(to + at * 4, load<f32>(to + at * 4) + load<f32>(from + at * 4));
}

/**
 * Chunk of the gradient: dx (none where dx = 0), and this chunk's sums for kernel and bias at partial + chunk · (taps·width + 1) ·
 * channels floats. `turned` is the transpose of the kernel, packed; `y` the output where a ReLU followed, else 0.
 */
export function causalConvGradient(
  chunk: usize, dy: usize, y: usize, x: usize, turned: usize, dx: usize, partial: usize, batch: usize, have: usize,
  width: usize, taps: usize, channels: usize, steps: usize, stride: usize, perChunk: usize, productFloats: usize,
  scratch: usize, scratchSize: usize,
): void {
  const inner = taps * width;
  const need = stride * (steps - 1) + taps;
  const own = ownScratch(scratch, scratchSize);
  const copy = own + productFloats * 4;
  const masked = copy + need * width * 4;
  const packed = masked + steps * channels * 4;
  const patches = packed + steps * ((channels + 7) & ~7) * 4;
  const sums = partial + chunk * (inner + 1) * channels * 4;
  memory.fill(sums, 0, (inner + 1) * channels * 4);
  const biasSums = sums + inner * channels * 4;
  const count = steps * channels;
  const first = chunk * perChunk, last = min(batch, first + perChunk);
  for (let index = first; index < last; index++) {
    const from = readSteps(x + index * have * width * 4, have, need, width * 4, copy);
    let up = dy + index * count * 4;
    if (y) {
      maskTo(masked, up, y + index * count * 4, count);
      up = masked;
    }
    for (let step: usize = 0; step < steps; step++) addTo(biasSums, up + step * channels * 4, channels);
    packPanels(up, channels * 4, 4, steps, channels, packed, 0, (channels + 7) / 8);
    multiplyRows(from, 4, stride * width * 4, packed, sums, channels * 4, 0, inner, steps, channels, true, own);
    if (!dx) continue;
    multiplyRows(up, channels * 4, 4, turned, patches, inner * 4, 0, steps, channels, inner, false, own);
    const to = dx + index * have * width * 4;
    memory.fill(to, 0, have * width * 4);
    for (let step: usize = 0; step < steps; step++) {
      // First step that this output reads, counted from the first of `need`; those before the sequence are no input.
      const start = step * stride;
      const lost = need > have ? need - have : 0;
      const skip = start < lost ? min(taps, lost - start) : 0;
      const place = start + skip + have - need;
      addTo(to + place * width * 4, patches + (step * inner + skip * width) * 4, (taps - skip) * width);
    }
  }
}

/** to = from where y > 0, else 0. */
function maskTo(to: usize, from: usize, y: usize, count: usize): void {
  const zero = f32x4.splat(0);
  let at: usize = 0;
  for (; at + 4 <= count; at += 4) v128.store(to + at * 4, v128.and(v128.load(from + at * 4), f32x4.gt(v128.load(y + at * 4), zero)));
  for (; at < count; at++) store<f32>(to + at * 4, load<f32>(y + at * 4) > 0 ? load<f32>(from + at * 4) : 0);
}
