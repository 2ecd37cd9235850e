import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { guardMemory } from '#trainer/engines/wasm/kernels/memory-guard.ts';
import { openEngine } from '#trainer/engines/open.ts';

it('counts from the first tensor of a fresh engine on, and refuses what does not fit', async () => {
  // Emscripten's malloc replaced itself at its first call, and the guard with it: every later tensor went uncounted.
  const engine = await openEngine('wasm');
  const tensors = [1, 2, 3].map(() => tf.zeros([1000, 1000]));
  expect(engine.peakBytes()).toBe(12e6);
  // Memory that several tensors share counts once, and what is freed is free again.
  const views = [1, 2, 3, 4].map(() => tf.reshape(tensors[0], [1e6]));
  tf.dispose([...tensors, ...views]);
  tf.tidy(() => void tf.zeros([2000, 1000]));
  expect(engine.peakBytes()).toBe(12e6);
  expect(() => tf.zeros([1000, 1000, 900])).toThrow(
    /The wasm engine has room for 3500 MB; .* and 3600 MB more were asked/,
  );
  engine.dispose();
});

/** A heap that hands out the given addresses, one after another, and then none. */
function heap(...addresses: number[]) {
  const wasm = { _malloc: (_bytes: number) => addresses.shift() ?? 0, _free: (_address: number) => undefined };
  return { wasm } as unknown as Parameters<typeof guardMemory>[0];
}

it('counts what is taken and given back, also beyond 2 GB where addresses come negative', () => {
  const { wasm } = heap(8, 16, -1024, 24);
  const peak = guardMemory({ wasm }, 1000);
  wasm._malloc(300);
  wasm._free(wasm._malloc(500) >>> 0);
  expect(peak()).toBe(800);
  wasm._malloc(600);
  expect(peak()).toBe(900);
});

it('throws where the limit or the heap ends', () => {
  const { wasm } = heap(8, 16);
  guardMemory({ wasm }, 2e6);
  wasm._malloc(1.5e6);
  expect(() => wasm._malloc(1e6)).toThrow(/room for 2 MB; 2 MB are in use and 1 MB more.*train\.batch_size/);
  expect(() => wasm._malloc(8)).toThrow(/room for 2 MB/);
});
