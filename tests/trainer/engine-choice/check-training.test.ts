import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { architectures } from '#core/models/registry.ts';
import { checkTraining, compareLosses, referenceLosses } from '#trainer/engine-choice/check-training.ts';
import { openEngine } from '#trainer/engines/open.ts';

describe('checkTraining', () => {
  it.each(architectures)(
    'passes %s on wasm, and leaves no tensor behind',
    async (model) => {
      const reference = await referenceLosses(model);
      const engine = await openEngine('wasm');
      try {
        const before = tf.memory().numTensors;
        expect(await checkTraining(model, reference, 0)).toBeGreaterThan(0);
        expect(tf.memory().numTensors).toBe(before);
        const off = reference.map((loss) => 1.002 * loss);
        await expect(checkTraining(model, off, 0)).rejects.toThrow(/step 1 is .*, expected/);
        expect(tf.memory().numTensors).toBe(before);
      } finally {
        engine.dispose();
      }
    },
    300_000,
  );
});

describe('compareLosses', () => {
  it('lets rounding pass and nothing else', () => {
    expect(() => compareLosses([1.0005, 0.5, 0.4], [1, 0.5])).not.toThrow();
    expect(() => compareLosses([1.0005, 0.52, 0.4], [1, 0.5])).toThrow(
      'its loss of step 2 is 0.52, expected 0.5 within 0.001 of it',
    );
    expect(() => compareLosses([1, Number.NaN, 0.4], [1])).toThrow('its loss of step 2 is NaN');
  });

  it('wants a loss that falls', () => {
    expect(() => compareLosses([1, 0.5, 1.2, 1], [1, 0.5])).toThrow('its loss did not fall: from 1 to 1.1 in 4 steps');
  });
});
