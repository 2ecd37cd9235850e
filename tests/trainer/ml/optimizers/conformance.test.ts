import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainSchema } from '#core/config/train.ts';
import { optimizerNames, optimizers } from '#core/optimizers/registry.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import type { Parameter } from '#trainer/ml/models/model.ts';
import { buildOptimizer } from '#trainer/ml/optimizers/build.ts';
import { disposeVariables, emptySlots, type Variables } from '#trainer/ml/step.ts';

const parameters: readonly Parameter[] = [
  { name: 'a/kernel', shape: [2, 2], initializer: 'zeros', decay: true },
  { name: 'a/bias', shape: [2], initializer: 'zeros', decay: false },
];
const target = [3, 1, -4, 2, 0.5, -1];

describe.each(optimizerNames)('the optimizer %s conforms', (kind) => {
  let engine: Engine;
  beforeAll(async () => void (engine = await openEngine('cpu')));
  afterAll(() => engine.dispose());
  const open = () => buildOptimizer(trainSchema.shape.optimizer.parse({ kind, learning_rate: 0.05 }), parameters);

  /** ½·|w − target|², after each of the steps `from` … `to`; the variables are replaced and disposed. */
  function descend(variables: Variables, from: number, to: number): { variables: Variables; losses: number[] } {
    const optimizer = open();
    const losses: number[] = [];
    let current = variables;
    for (let step = from; step <= to; step++) {
      const next = tf.tidy(() => {
        const grad: tf.Tensor1D = tf.sub(current.weights, tf.tensor1d(target));
        losses.push(tf.sum(tf.square(grad)).dataSync()[0] / 2);
        const { weights, slots } = current;
        return optimizer.update({ weights, slots, grad, scale: tf.scalar(1), step, learningRate: 0.05 });
      });
      disposeVariables(current);
      current = next;
    }
    optimizer.dispose();
    return { variables: current, losses };
  }

  const start = (): Variables => {
    const optimizer = open();
    const slots = emptySlots(optimizer, target.length);
    optimizer.dispose();
    return { weights: tf.zeros([target.length]), slots: slots };
  };

  it('has its name as kind, and a text for the form', () => {
    const { schema, title, summary } = optimizers[kind];
    expect(schema.parse({ kind }).kind).toBe(kind);
    expect([title, summary].every((text) => text.length > 0)).toBe(true);
  });

  it('names each slot once, and as many as it has buffers for', () => {
    const optimizer = open();
    expect(optimizer.kinds).toBeLessThanOrEqual(optimizers[kind].buffers);
    expect(optimizer.slots).toHaveLength(optimizer.kinds * parameters.length);
    expect(new Set(optimizer.slots.map(({ name }) => name)).size).toBe(optimizer.slots.length);
    optimizer.dispose();
  });

  it('finds the bottom of a bowl, and leaves no tensor', () => {
    const before = tf.memory().numTensors;
    const { variables, losses } = descend(start(), 1, 200);
    expect(losses.at(-1)).toBeLessThan(0.1 * losses[0]);
    disposeVariables(variables);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('goes on from weights and slots alone, bit for bit', () => {
    const whole = descend(start(), 1, 12);
    const first = descend(start(), 1, 5);
    const rest = descend(first.variables, 6, 12);
    expect([...first.losses, ...rest.losses]).toEqual(whole.losses);
    expect(rest.variables.weights.dataSync()).toEqual(whole.variables.weights.dataSync());
    disposeVariables(whole.variables);
    disposeVariables(rest.variables);
  });
});
