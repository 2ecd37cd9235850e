import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { configSchema } from '#core/config/config.ts';
import { decodeCheckpoint } from '#trainer/ml/checkpoint/contents.ts';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { openSaver } from '#trainer/ml/checkpoint/save.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { buildModel, initialWeights } from '#trainer/ml/models/build.ts';
import type { TrainingState } from '#trainer/ml/training-state.ts';
import { tinyDataset } from '../train/tiny-dataset.ts';

let engine: Engine;
let root: string;
beforeAll(async () => {
  engine = await openEngine('cpu');
  root = await mkdtemp(join(tmpdir(), 'almanac-save-'));
});
afterAll(async () => {
  engine.dispose();
  await rm(root, { recursive: true });
});

it.each([
  ['mlp', 'layers-model', 0],
  ['patchtst', 'graph-model', 1],
])('a saved %s says in its manifest that it is a %s, and is read back', async (architecture, format, constants) => {
  const { model: config, train } = configSchema.parse({ model: { architecture, lookback: 8 } });
  const dataset = tinyDataset({ lookback: 8, features: 3 });
  const model = buildModel(config, { lookback: 8, features: 3, outputs: 2 });
  const weights = initialWeights(model, 2);
  const state: TrainingState = { epoch: 1, step: 4, seed: 2, weights, slots: [], best: null, stale: 0, elapsed: 1 };
  await openSaver(join(root, 'checkpoints'), model, dataset, { model: config, train })(architecture, state);
  const stored = await readCheckpoint(join(root, 'checkpoints'), architecture);
  expect(stored?.manifest.format).toBe(format);
  expect(decodeCheckpoint(stored!.files)).toEqual(state);
  const behind = stored!.files['weights.bin'].length - 4 * weights.reduce((sum, { data }) => sum + data.length, 0);
  expect(Math.sign(behind)).toBe(constants);
  const cut = { ...stored!.files, 'weights.bin': stored!.files['weights.bin'].subarray(4) };
  expect(() => decodeCheckpoint(cut)).toThrow(/weights\.bin has \d+ bytes/);
});
