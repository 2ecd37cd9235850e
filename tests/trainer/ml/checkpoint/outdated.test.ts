import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { architectures } from '#core/models/registry.ts';
import { configOf } from '#tests/core/dataset/config.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { findInitialWeights } from '#trainer/ml/checkpoint/initial.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { findResumeState } from '#trainer/ml/checkpoint/resume.ts';
import { openSaver } from '#trainer/ml/checkpoint/save.ts';
import { buildModel, initialWeights } from '#trainer/ml/models/build.ts';
import type { TrainingState } from '#trainer/ml/training-state.ts';
import { everyOption } from '../models/every-option.ts';
import { tinyDataset } from '../train/tiny-dataset.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openEngine('cpu');
});
afterAll(() => engine.dispose());

const models = architectures.flatMap((architecture) =>
  everyOption(architecture).map((options) => ({ architecture, ...options, lookback: 8 })),
);
const dataset = tinyDataset({ lookback: 8, features: 3 });

/** A folder with a checkpoint as `last`, and as what a fork starts from. */
async function save(settings: object) {
  const root = temporaryFolder();
  const config = configOf({ model: settings });
  const model = buildModel(config.model, { lookback: 8, features: 3, outputs: 2 });
  const weights = initialWeights(model, 2);
  const state: TrainingState = { epoch: 1, step: 4, seed: 2, weights, slots: [], best: null, stale: 0, elapsed: 1 };
  const saver = openSaver(root, model, dataset, config);
  for (const name of ['last', 'initial']) await saver(name, state);
  return {
    root,
    resume(warn: (message: string) => void = () => {}) {
      return findResumeState(root, config.model, { warn });
    },
    start: () => findInitialWeights(root, config.model, model, dataset),
    /** What the manifests say of the model becomes `to`; they say nothing where that is absent. */
    rewrite(to?: object) {
      for (const name of ['last', 'initial']) {
        const path = join(root, name, 'manifest.json');
        const { model: _model, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
        writeFileSync(path, JSON.stringify({ ...rest, model: to }));
      }
    },
  };
}

it.each(models)('a checkpoint of %o names its network, and is gone on from', async (settings) => {
  const saved = await save(settings);
  const stored = await readCheckpoint(saved.root, 'last');
  expect(stored?.manifest.model).toEqual({ architecture: settings.architecture, version: expect.any(Number) });
  expect((await saved.resume())?.state.step).toBe(4);
  expect((await saved.start())?.notes[0].message).toContain('epoch 1, step 4');
});

it.each([
  [{ architecture: 'tsmixer' }, 'TSMixer'],
  [{ architecture: 'patchtst', channels: 'independent' }, 'PatchTST'],
])('weights of %o from before its second version are refused by name', async (settings, title) => {
  const saved = await save({ ...settings, lookback: 8 });
  saved.rewrite();
  const warnings: string[] = [];
  const refusal = {
    code: 'checkpoint_outdated',
    message: expect.stringMatching(
      new RegExp(`weights of ${title} version 1; this program builds version 2, .* fork without from`),
    ),
    issues: [{ path: 'model.architecture', message: `expected version 2 of ${title}, received version 1` }],
  };
  await expect(saved.resume((message) => warnings.push(message))).rejects.toMatchObject(refusal);
  await expect(saved.start()).rejects.toMatchObject(refusal);
  expect(warnings).toEqual([]);
});

it('weights from before versions are gone on from where the network is still the same', async () => {
  for (const settings of [{ architecture: 'patchtst' }, { architecture: 'gru' }]) {
    const saved = await save({ ...settings, lookback: 8 });
    saved.rewrite();
    expect((await saved.resume())?.state.step).toBe(4);
    expect(await saved.start()).not.toBeNull();
  }
});

it('weights of a later version than this program knows are refused', async () => {
  const saved = await save({ architecture: 'mlp', lookback: 8 });
  saved.rewrite({ architecture: 'mlp', version: 3 });
  await expect(saved.resume()).rejects.toThrow('weights of MLP version 3; this program builds version 1');
});
