import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openEngine } from '#trainer/engines/open.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { dropoutWith } from '#trainer/engines/ops/dropout.ts';
import { drawMask, openDraw } from '#trainer/engines/random/mask.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('native');
});
afterAll(() => engine.dispose());

// Sizes that four does not divide, and one that makes the drawing's memory grow between two others.
it.each([1, 3, 1003, 70_001, 6])('draws the mask of %i values bit for bit as drawMask does', async (size) => {
  const before = tf.memory().numTensors;
  for (const rate of [0.1, 0.7]) {
    const draw = openDraw(7, 3, 2, rate);
    const mask = tf.tidy(() => dropoutWith(tf.ones([size]), { ...draw, maskShape: [size] }));
    expect(await mask.data()).toEqual(drawMask(draw, size));
    mask.dispose();
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('keeps the masks of one step apart', async () => {
  const draws = [1, 2].map((layer) => openDraw(7, 3, layer, 0.5));
  const masks = tf.tidy(() => draws.map((draw) => dropoutWith(tf.ones([1003]), { ...draw, maskShape: [1003] })));
  for (const [n, draw] of draws.entries()) expect(await masks[n].data()).toEqual(drawMask(draw, 1003));
  tf.dispose(masks);
});
