import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LossTerm } from '#core/config/loss.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { buildLoss, buildLosses } from '#trainer/ml/losses/build.ts';

const terms: readonly LossTerm[] = [
  { kind: 'mse' },
  { kind: 'mae' },
  { kind: 'huber', delta: 1 },
  { kind: 'huber', delta: 0.3 },
  { kind: 'bce', label_smoothing: 0 },
  { kind: 'bce', label_smoothing: 0.1 },
];
const outputs = [-40, -3, -1.2, -0.25, 0.1, 0.6, 2.5, 40];

describe('losses', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());

  it.each(terms)('%o is one function on tensors and on numbers, with the gradient of its differences', (term) => {
    const loss = buildLoss(term);
    const labels = outputs.map((_, i) => (term.kind === 'bce' ? i % 2 : [0.4, -0.7][i % 2]));
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const y = tf.tensor1d(labels);
      const values = loss.tensor(tf.tensor1d(outputs), y).dataSync();
      const gradient = tf
        .grad((z) => loss.tensor(z as tf.Tensor1D, y))(tf.tensor1d(outputs))
        .dataSync();
      outputs.forEach((z, i) => {
        const value = loss.number(z, labels[i]);
        expect(Math.abs(values[i] - value), `at ${z}`).toBeLessThan(1e-6 * Math.max(1, value));
        const slope = (loss.number(z + 1e-6, labels[i]) - loss.number(z - 1e-6, labels[i])) / 2e-6;
        expect(gradient[i], `at ${z}`).toBeCloseTo(slope, 4);
      });
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('has the values of the definitions', () => {
    expect(buildLoss({ kind: 'mse' }).number(3, 1)).toBe(4);
    expect(buildLoss({ kind: 'mae' }).number(-3, 1)).toBe(4);
    expect(buildLoss({ kind: 'huber', delta: 2 }).number(1, 0)).toBe(0.5);
    expect(buildLoss({ kind: 'huber', delta: 2 }).number(5, 0)).toBe(8);
    expect(buildLoss({ kind: 'bce', label_smoothing: 0 }).number(0, 1)).toBeCloseTo(Math.LN2, 12);
    // Smoothing 0.2 makes a label of 1 to 0.9: 0.9·ln(1 + e⁻¹) + 0.1·ln(1 + e).
    const smooth = 0.9 * Math.log1p(Math.exp(-1)) + 0.1 * Math.log1p(Math.E);
    expect(buildLoss({ kind: 'bce', label_smoothing: 0.2 }).number(1, 1)).toBeCloseTo(smooth, 12);
  });

  it('gives each task its loss and weight, or the default of its kind', () => {
    const tasks = [
      { name: 'dir', kind: 'direction' },
      { name: 'ret', kind: 'return' },
    ] as const;
    const [dir, ret] = buildLosses({ weights: { ret: 3 }, ret: { kind: 'mae' } }, tasks);
    expect([dir.task, dir.weight, dir.loss.number(0, 0)]).toEqual(['dir', 1, Math.LN2]);
    expect([ret.task, ret.weight, ret.loss.number(2, 0)]).toEqual(['ret', 3, 2]);
  });
});
