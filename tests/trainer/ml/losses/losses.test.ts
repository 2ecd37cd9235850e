import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireConfig } from '#core/config/compile.ts';
import { configFields, type Field } from '#core/config/fields.ts';
import { type LossKind, type LossTerm, losses, lossTermSchema } from '#core/losses/registry.ts';
import type { ScaleName } from '#core/targets/scale.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { buildLosses } from '#trainer/ml/losses/build.ts';
import { buildLoss } from '#trainer/ml/losses/registry.ts';

const outputs = [-40, -3, -1.2, -0.25, 0.1, 0.6, 2.5, 40];
const labels: Readonly<Record<ScaleName, readonly number[]>> = { value: [0.4, -0.7], binary: [0, 1] };

const loss = configFields().find(({ path }) => path[0] === 'loss');
const options = loss?.kind === 'map' && loss.item.kind === 'choice' ? loss.item.options : [];

/** A loss with its defaults, and once more for each parameter, moved to another value of its range. */
function termsOf(kind: LossKind): readonly LossTerm[] {
  const moved = (options.find(({ value }) => value === kind)?.fields ?? []).flatMap((field: Field) =>
    field.kind === 'number'
      ? [{ [field.path.at(-1) ?? '']: field.min + 0.3 * Math.min(1, field.max - field.min) }]
      : [],
  );
  return [{}, ...moved].map((params) => lossTermSchema.parse({ kind, ...params }));
}

const cases = losses.flatMap(({ kind, scales }) =>
  termsOf(kind).flatMap((term) => scales.map((scale) => [term, scale] as const)),
);

describe('losses', () => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());

  it.each(cases)(
    '%o is one function on tensors and on numbers, with the gradient of its differences',
    (term, scale) => {
      const { tensor, number } = buildLoss(term);
      const actual = outputs.map((_, i) => labels[scale][i % 2]);
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const y = tf.tensor1d(actual);
        const values = tensor(tf.tensor1d(outputs), y).dataSync();
        const gradient = tf
          .grad((z) => tensor(z as tf.Tensor1D, y))(tf.tensor1d(outputs))
          .dataSync();
        outputs.forEach((z, i) => {
          const value = number(z, actual[i]);
          expect(Math.abs(values[i] - value), `at ${z}`).toBeLessThan(1e-6 * Math.max(1, value));
          const slope = (number(z + 1e-6, actual[i]) - number(z - 1e-6, actual[i])) / 2e-6;
          expect(gradient[i], `at ${z}`).toBeCloseTo(slope, 4);
        });
      });
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it.each(losses)('$kind says what it is, and is least where the output is sure of the label', ({ kind, ...spec }) => {
    expect(spec.title).toMatch(/^\S/);
    expect(spec.summary).toMatch(/\.$/);
    const { number } = buildLoss(lossTermSchema.parse({ kind }));
    for (const scale of spec.scales) {
      for (const label of labels[scale]) {
        const sure = scale === 'value' ? label : label === 1 ? 40 : -40;
        expect(number(sure, label)).toBeLessThan(1e-12);
        expect(number(-2 * sure, label)).toBeGreaterThan(0.1);
      }
    }
  });

  it('offers every loss in the form, with its sentence', () => {
    const shown = options.map(({ value, title, description }) => [value, title, description]);
    expect(shown).toEqual(losses.map(({ kind, title, summary }) => [kind, title, summary]));
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

  it('gives each task its loss and weight, in the order of the tasks', () => {
    const { config } = requireConfig({ config: { loss: { ret: { kind: 'mae' }, weights: { ret: 3 } } } });
    const [dir, ret] = buildLosses(config.loss, [{ name: 'dir' }, { name: 'ret' }]);
    expect([dir.task, dir.weight, dir.loss.number(0, 0)]).toEqual(['dir', 1, Math.LN2]);
    expect([ret.task, ret.weight, ret.loss.number(2, 0)]).toEqual(['ret', 3, 2]);
  });
});
