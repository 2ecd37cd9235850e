// Multi-head attention, a head of an element of the batch at a time, on its columns where they lie.
import { multiplyRows, packPanels } from './gemm';
import { softmaxRow } from './softmax';
import { ownScratch } from './threads';

// @ts-ignore: decorator
@inline function panelsOf(columns: usize): usize {
  return (columns + 7) / 8;
}

/** Multiplies `count` floats by `factor`. */
// @ts-ignore: decorator
@inline function scaleAll(x: usize, count: usize, factor: f32): void {
  const factors = f32x4.splat(factor);
  let at: usize = 0;
  for (; at + 4 <= count; at += 4) v128.store(x + at * 4, f32x4.mul(v128.load(x + at * 4), factors));
  for (; at < count; at++) store<f32>(x + at * 4, load<f32>(x + at * 4) * factor);
}

/**
 * Chunk of y = softmax(q·kᵀ·scale)·v a head: q, k, v, y [B, T, d], heads of d/heads neighbouring columns; p [B·heads, T, T] is kept
 * for the backward pass. `perChunk` of the B·heads. Scratch: what multiplyRows wants for T rows, then a packed operand.
 */
export function attention(
  chunk: usize, q: usize, k: usize, v: usize, y: usize, p: usize, batch: usize, steps: usize, width: usize, heads: usize,
  scale: f32, perChunk: usize, productFloats: usize, scratch: usize, scratchSize: usize,
): void {
  const own = ownScratch(scratch, scratchSize);
  const packed = own + productFloats * 4;
  const columns = width / heads, row = width * 4;
  const first = chunk * perChunk, last = min(batch * heads, first + perChunk);
  for (let index = first; index < last; index++) {
    const at = ((index / heads) * steps * width + (index % heads) * columns) * 4;
    const weights = p + index * steps * steps * 4;
    packPanels(k + at, 4, row, columns, steps, packed, 0, panelsOf(steps));
    multiplyRows(q + at, row, 4, packed, weights, steps * 4, 0, steps, columns, steps, false, own);
    scaleAll(weights, steps * steps, scale);
    for (let step: usize = 0; step < steps; step++) softmaxRow(weights + step * steps * 4, weights + step * steps * 4, steps);
    packPanels(v + at, row, 4, steps, columns, packed, 0, panelsOf(columns));
    multiplyRows(weights, steps * 4, 4, packed, y + at, row, 0, steps, steps, columns, false, own);
  }
}

/** ds = p · (dp − Σ dp·p) · scale for one row of T. */
function softmaxGradient(p: usize, dp: usize, steps: usize, scale: f32): void {
  let sum: f32 = 0;
  for (let i: usize = 0; i < steps; i++) sum += load<f32>(p + i * 4) * load<f32>(dp + i * 4);
  let i: usize = 0;
  const sums = f32x4.splat(sum), scales = f32x4.splat(scale);
  for (; i + 4 <= steps; i += 4) {
    const centred = f32x4.sub(v128.load(dp + i * 4), sums);
    v128.store(dp + i * 4, f32x4.mul(f32x4.mul(v128.load(p + i * 4), centred), scales));
  }
  for (; i < steps; i++) store<f32>(dp + i * 4, load<f32>(p + i * 4) * (load<f32>(dp + i * 4) - sum) * scale);
}

/** Chunk of the gradient: dq, dk, dv [B, T, d]. Scratch: what multiplyRows wants for T rows, a packed operand, and T² floats. */
export function attentionGradient(
  chunk: usize, dy: usize, q: usize, k: usize, v: usize, p: usize, dq: usize, dk: usize, dv: usize, batch: usize,
  steps: usize, width: usize, heads: usize, scale: f32, perChunk: usize, productFloats: usize, packedFloats: usize,
  scratch: usize, scratchSize: usize,
): void {
  const own = ownScratch(scratch, scratchSize);
  const packed = own + productFloats * 4;
  const scores = packed + packedFloats * 4;
  const columns = width / heads, row = width * 4;
  const first = chunk * perChunk, last = min(batch * heads, first + perChunk);
  for (let index = first; index < last; index++) {
    const at = ((index / heads) * steps * width + (index % heads) * columns) * 4;
    const weights = p + index * steps * steps * 4;
    // dv = pᵀ·dy
    packPanels(dy + at, row, 4, steps, columns, packed, 0, panelsOf(columns));
    multiplyRows(weights, 4, steps * 4, packed, dv + at, row, 0, steps, steps, columns, false, own);
    // dp = dy·vᵀ, then ds
    packPanels(v + at, 4, row, columns, steps, packed, 0, panelsOf(steps));
    multiplyRows(dy + at, row, 4, packed, scores, steps * 4, 0, steps, columns, steps, false, own);
    for (let step: usize = 0; step < steps; step++) {
      softmaxGradient(weights + step * steps * 4, scores + step * steps * 4, steps, scale);
    }
    // dq = ds·k, dk = dsᵀ·q
    packPanels(k + at, row, 4, steps, columns, packed, 0, panelsOf(columns));
    multiplyRows(scores, steps * 4, 4, packed, dq + at, row, 0, steps, steps, columns, false, own);
    packPanels(q + at, row, 4, steps, columns, packed, 0, panelsOf(columns));
    multiplyRows(scores, 4, steps * 4, packed, dk + at, row, 0, steps, steps, columns, false, own);
  }
}
