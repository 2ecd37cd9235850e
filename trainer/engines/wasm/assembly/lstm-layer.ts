// The recurrence of an LSTM over a whole sequence, a band of the batch at a time: bands do not depend on each other, so each
// goes through all its steps on one thread without waiting.
import { multiplyRows } from './gemm';
import { sigmoid, tanh } from './math';
import { ownScratch } from './threads';

/**
 * Chunk of one layer: `fromInput` [L, B, 4h] is the input's part (x·W + b); `gates` [L, B, 4h] (i, f, g, o after activation),
 * `cells` and `states` [L, B, h] are written. `packed` is the recurrent kernel [h, 4h], packed; h a multiple of four.
 */
export function lstm(
  chunk: usize, fromInput: usize, gates: usize, packed: usize, cells: usize, states: usize, steps: usize, batch: usize, units: usize,
  perChunk: usize, scratch: usize, scratchSize: usize,
): void {
  const own = ownScratch(scratch, scratchSize);
  const first = chunk * perChunk, last = min(batch, first + perChunk);
  const bytes = units * 4;
  for (let step: usize = 0; step < steps; step++) {
    const gatesOf = gates + step * batch * 4 * bytes;
    const before = (step - 1) * batch * bytes;
    const band = (step * batch + first) * 4 * bytes;
    memory.copy(gates + band, fromInput + band, (last - first) * 4 * bytes);
    if (step > 0) multiplyRows(states + before, bytes, 4, packed, gatesOf, 4 * bytes, first, last, units, 4 * units, true, own);
    for (let row = first; row < last; row++) {
      const gate = gatesOf + row * 4 * bytes;
      const place = (step * batch + row) * bytes;
      for (let at: usize = 0; at < bytes; at += 16) {
        const i = sigmoid(v128.load(gate + at)), f = sigmoid(v128.load(gate + bytes + at));
        const g = tanh(v128.load(gate + 2 * bytes + at)), o = sigmoid(v128.load(gate + 3 * bytes + at));
        let c = f32x4.mul(i, g);
        if (step > 0) c = f32x4.relaxed_madd(f, v128.load(cells + before + row * bytes + at), c);
        v128.store(gate + at, i);
        v128.store(gate + bytes + at, f);
        v128.store(gate + 2 * bytes + at, g);
        v128.store(gate + 3 * bytes + at, o);
        v128.store(cells + place + at, c);
        v128.store(states + place + at, f32x4.mul(o, tanh(c)));
      }
    }
  }
}

/** Derivative of the logistic function, from its value. */
// @ts-ignore: decorator
@inline function slope(value: v128): v128 {
  return f32x4.sub(value, f32x4.mul(value, value));
}

/** Derivative of tanh, from its value. */
// @ts-ignore: decorator
@inline function tanhSlope(value: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(value, value));
}

/**
 * Chunk of the gradient: dGates [L, B, 4h] before activation, from dy [L, B, h]. `turned` is the transpose of the recurrent kernel,
 * [4h, h], packed. Scratch: what multiplyRows wants for `perChunk` rows, then 2 · perChunk · h floats.
 */
export function lstmGradient(
  chunk: usize, dy: usize, gates: usize, cells: usize, turned: usize, dGates: usize, steps: usize, batch: usize, units: usize,
  perChunk: usize, productFloats: usize, scratch: usize, scratchSize: usize,
): void {
  const own = ownScratch(scratch, scratchSize);
  const first = chunk * perChunk, last = min(batch, first + perChunk);
  const bytes = units * 4;
  const dStates = own + productFloats * 4, dCells = dStates + perChunk * bytes;
  memory.fill(dCells, 0, perChunk * bytes);
  for (let back: usize = 0; back < steps; back++) {
    const step = steps - 1 - back;
    memory.copy(dStates, dy + (step * batch + first) * bytes, (last - first) * bytes);
    if (back > 0) {
      const after = dGates + ((step + 1) * batch + first) * 4 * bytes;
      multiplyRows(after, 4 * bytes, 4, turned, dStates, bytes, 0, last - first, 4 * units, units, true, own);
    }
    for (let row = first; row < last; row++) {
      const gate = gates + (step * batch + row) * 4 * bytes, to = dGates + (step * batch + row) * 4 * bytes;
      const dState = dStates + (row - first) * bytes, dCell = dCells + (row - first) * bytes;
      const cell = cells + (step * batch + row) * bytes;
      for (let at: usize = 0; at < bytes; at += 16) {
        const i = v128.load(gate + at), f = v128.load(gate + bytes + at);
        const g = v128.load(gate + 2 * bytes + at), o = v128.load(gate + 3 * bytes + at);
        const squashed = tanh(v128.load(cell + at));
        const dh = v128.load(dState + at);
        const dc = f32x4.relaxed_madd(f32x4.mul(dh, o), tanhSlope(squashed), v128.load(dCell + at));
        v128.store(to + at, f32x4.mul(f32x4.mul(dc, g), slope(i)));
        const before = step > 0 ? v128.load(cell - batch * bytes + at) : f32x4.splat(0);
        v128.store(to + bytes + at, f32x4.mul(f32x4.mul(dc, before), slope(f)));
        v128.store(to + 2 * bytes + at, f32x4.mul(f32x4.mul(dc, i), tanhSlope(g)));
        v128.store(to + 3 * bytes + at, f32x4.mul(f32x4.mul(dh, squashed), slope(o)));
        v128.store(dCell + at, f32x4.mul(dc, f));
      }
    }
  }
}
