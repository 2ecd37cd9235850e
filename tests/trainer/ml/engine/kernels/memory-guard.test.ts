import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { openEngine } from '#trainer/ml/engine/open.ts';

it('counts from the first tensor of a fresh engine on, and refuses what does not fit', async () => {
  // Emscripten's malloc replaced itself at its first call, and the guard with it: every later tensor went uncounted.
  const engine = await openEngine('wasm');
  const tensors = [1, 2, 3].map(() => tf.zeros([1000, 1000]));
  expect(engine.peakBytes()).toBe(12e6);
  tf.dispose(tensors);
  tf.zeros([10]).dispose();
  expect(engine.peakBytes()).toBe(12e6);
  expect(() => tf.zeros([1000, 1000, 900])).toThrow(
    /The wasm engine has room for 3500 MB; .* and 3600 MB more were asked/,
  );
  engine.dispose();
});
