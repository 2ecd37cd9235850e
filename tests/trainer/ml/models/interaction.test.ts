import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learn } from '#tests/bench/learn.ts';
import { learningTask, plainSeries } from '#tests/bench/learning-tasks.ts';
import { ridge } from '#tests/bench/ridge.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { choose } from '#tests/support/scale.ts';
import { architectures, modelOf } from '#core/models/registry.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { everyOption } from './every-option.ts';

const lookback = 8;

/** `isLinear`: whether a linear model can learn it. `epochs`: after which every model has. */
const cases = choose(
  [
    { name: 'an interaction of the last two values', epochs: 12, isLinear: false },
    { name: 'an interaction in one feature of five', epochs: 12, isLinear: false },
    { name: 'the last value of one feature of five', epochs: 5, isLinear: true },
  ] as const,
  ['an interaction of the last two values', 'the last value of one feature of five'],
);

const models = architectures.flatMap((architecture) =>
  everyOption(architecture).map((options) => ({ architecture, ...options })),
);

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('wasm');
});
afterAll(() => engine.dispose());

describe.each(cases)('$name', ({ name, epochs, isLinear }) => {
  const { dataset } = learningTask(plainSeries[name], { rows: 2000, lookback, seed: 1 });

  it('is known to a ridge regression where it is linear, and to none where it is not', () => {
    if (isLinear) expect(ridge(dataset)).toBeGreaterThan(0.99);
    else expect(ridge(dataset)).toBeLessThan(0.02);
  });

  it.each(models)('is learned by %o, unless that is linear and this is not', async (model) => {
    const config = configOf({
      model: { ...model, lookback, dropout: 0 },
      train: { epochs, batch_size: 64, early_stopping: null, optimizer: { kind: 'adamw', learning_rate: 0.01 } },
    });
    const found = await learn(dataset, config);
    if (isLinear) expect(found).toBeGreaterThan(0.8);
    else if (modelOf(model.architecture).isLinear) expect(found).toBeLessThan(0.02);
    else expect(found).toBeGreaterThan(0.2);
  });
});
