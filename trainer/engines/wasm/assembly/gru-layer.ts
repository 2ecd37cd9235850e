// The recurrence of a GRU over a whole sequence, a band of the batch at a time (see lstm.ts).
import { multiplyRows } from './gemm';
import { sigmoid, tanh } from './math';
import { ownScratch } from './threads';

/**
 * Chunk of one layer: `fromInput` [L, B, 3h] is the input's part (x·W + b); `gates` [L, B, 3h] (z, r, c after activation), `resets`
 * (r∘h before the step) and `states` [L, B, h] are written. `packedGates` is the recurrent kernel of z and r [h, 2h],
 * `packedCandidate` that of c [h, h]; h a multiple of four.
 */
export function gru(
  chunk: usize, fromInput: usize, gates: usize, packedGates: usize, packedCandidate: usize, resets: usize, states: usize, steps: usize,
  batch: usize, units: usize, perChunk: usize, scratch: usize, scratchSize: usize,
): void {
  const own = ownScratch(scratch, scratchSize);
  const first = chunk * perChunk, last = min(batch, first + perChunk);
  const bytes = units * 4;
  for (let step: usize = 0; step < steps; step++) {
    const gatesOf = gates + step * batch * 3 * bytes;
    const band = (step * batch + first) * 3 * bytes;
    memory.copy(gates + band, fromInput + band, (last - first) * 3 * bytes);
    const stateBefore = states + (step - 1) * batch * bytes, reset = resets + step * batch * bytes;
    if (step > 0) multiplyRows(stateBefore, bytes, 4, packedGates, gatesOf, 3 * bytes, first, last, units, 2 * units, true, own);
    for (let row = first; row < last; row++) {
      const gate = gatesOf + row * 3 * bytes;
      for (let at: usize = 0; at < bytes; at += 16) {
        const r = sigmoid(v128.load(gate + bytes + at));
        const h = step > 0 ? v128.load(stateBefore + row * bytes + at) : f32x4.splat(0);
        v128.store(gate + at, sigmoid(v128.load(gate + at)));
        v128.store(gate + bytes + at, r);
        v128.store(reset + row * bytes + at, f32x4.mul(r, h));
      }
    }
    const candidates = gatesOf + 2 * bytes;
    if (step > 0) multiplyRows(reset, bytes, 4, packedCandidate, candidates, 3 * bytes, first, last, units, units, true, own);
    for (let row = first; row < last; row++) {
      const gate = gatesOf + row * 3 * bytes;
      for (let at: usize = 0; at < bytes; at += 16) {
        const z = v128.load(gate + at), c = tanh(v128.load(gate + 2 * bytes + at));
        const h = step > 0 ? v128.load(stateBefore + row * bytes + at) : f32x4.splat(0);
        v128.store(gate + 2 * bytes + at, c);
        v128.store(states + (step * batch + row) * bytes + at, f32x4.relaxed_madd(z, f32x4.sub(h, c), c));
      }
    }
  }
}

/** Derivative of the logistic function, from its value. */
// @ts-ignore: decorator
@inline function slope(value: v128): v128 {
  return f32x4.sub(value, f32x4.mul(value, value));
}

/**
 * Chunk of the gradient: dGates [L, B, 3h] before activation, from dy [L, B, h]. `turnedGates` [2h, h] and `turnedCandidate` [h, h] are
 * the transposes of the recurrent kernels, packed. Scratch: what multiplyRows wants for `perChunk` rows, then 2 · perChunk · h
 * floats.
 */
export function gruGradient(
  chunk: usize, dy: usize, gates: usize, states: usize, turnedGates: usize, turnedCandidate: usize, dGates: usize,
  steps: usize, batch: usize, units: usize, perChunk: usize, productFloats: usize, scratch: usize, scratchSize: usize,
): void {
  const own = ownScratch(scratch, scratchSize);
  const first = chunk * perChunk, last = min(batch, first + perChunk);
  const bytes = units * 4;
  const dStates = own + productFloats * 4, dResets = dStates + perChunk * bytes;
  memory.fill(dStates, 0, perChunk * bytes);
  for (let back: usize = 0; back < steps; back++) {
    const step = steps - 1 - back;
    // dStates holds what the later steps gave; this step's own output joins it.
    for (let row = first; row < last; row++) {
      const gate = gates + (step * batch + row) * 3 * bytes, to = dGates + (step * batch + row) * 3 * bytes;
      const dState = dStates + (row - first) * bytes, own = dy + (step * batch + row) * bytes;
      const before = states + ((step - 1) * batch + row) * bytes;
      for (let at: usize = 0; at < bytes; at += 16) {
        const z = v128.load(gate + at), c = v128.load(gate + 2 * bytes + at);
        const h = step > 0 ? v128.load(before + at) : f32x4.splat(0);
        const dh = f32x4.add(v128.load(dState + at), v128.load(own + at));
        v128.store(dState + at, dh);
        v128.store(to + at, f32x4.mul(f32x4.mul(dh, f32x4.sub(h, c)), slope(z)));
        const dc = f32x4.mul(f32x4.sub(dh, f32x4.mul(dh, z)), f32x4.sub(f32x4.splat(1), f32x4.mul(c, c)));
        v128.store(to + 2 * bytes + at, dc);
      }
    }
    const dOf = dGates + (step * batch + first) * 3 * bytes;
    multiplyRows(dOf + 2 * bytes, 3 * bytes, 4, turnedCandidate, dResets, bytes, 0, last - first, units, units, false, own);
    for (let row = first; row < last; row++) {
      const gate = gates + (step * batch + row) * 3 * bytes, to = dGates + (step * batch + row) * 3 * bytes;
      const dState = dStates + (row - first) * bytes, dReset = dResets + (row - first) * bytes;
      const before = states + ((step - 1) * batch + row) * bytes;
      for (let at: usize = 0; at < bytes; at += 16) {
        const z = v128.load(gate + at), r = v128.load(gate + bytes + at), d = v128.load(dReset + at);
        const h = step > 0 ? v128.load(before + at) : f32x4.splat(0);
        v128.store(to + bytes + at, f32x4.mul(f32x4.mul(d, h), slope(r)));
        v128.store(dState + at, f32x4.relaxed_madd(d, r, f32x4.mul(v128.load(dState + at), z)));
      }
    }
    if (step > 0) multiplyRows(dOf, 3 * bytes, 4, turnedGates, dStates, bytes, 0, last - first, 2 * units, units, true, own);
  }
}
