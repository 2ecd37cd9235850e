import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultConfig } from '#core/config/compile.ts';
import type { Engine } from '#trainer/engines/engine.ts';
import { openEngine } from '#trainer/engines/open.ts';
import { buildModel, initialWeights } from '#trainer/ml/models/build.ts';
import type { Want } from '#core/run/control.ts';
import type { TrainingState } from '#trainer/ml/training-state.ts';
import { evaluateBest } from '#trainer/process/evaluate-best.ts';
import { openEventLog } from '#trainer/run-folder/event-log.ts';
import { eventsOf, readEvents } from '#tests/support/run-folder.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { tinyDataset } from '../ml/train/tiny-dataset.ts';

let engine: Engine;
beforeAll(async () => void (engine = await openEngine('cpu')));
afterAll(() => engine.dispose());

it.each([
  ['scores both splits where nothing else is wanted', 'run', true, ['validation', 'test']],
  ['gives up between two batches where a stop is wanted', 'stop', false, []],
] as const)('%s', async (_, want: Want, done, splits) => {
  // More validation samples than one forward pass takes.
  const dataset = tinyDataset({ rows: 2000 });
  const model = buildModel({ ...defaultConfig().model, lookback: 8 }, { lookback: 8, features: 3, outputs: 2 });
  const folder = temporaryFolder();
  const log = openEventLog(join(folder, 'events.jsonl'), 1);
  const weights = initialWeights(model, 1);
  const state: TrainingState = { epoch: 1, step: 1, seed: 1, weights, slots: [], best: null, stale: 0, elapsed: 1 };
  expect(await evaluateBest(folder, dataset, model, state, log, { want: () => want })).toBe(done);
  log.close();
  expect(eventsOf(readEvents(folder), 'result').map(({ split }) => split)).toEqual(splits);
  const splitsOf = (name: string) => {
    const file = join(folder, name);
    if (!existsSync(file)) return null;
    const rows = readFileSync(file, 'utf8').trimEnd().split('\n').slice(1);
    return [...new Set(rows.map((row) => row.split(',')[1]))];
  };
  expect(splitsOf('predictions.csv')).toEqual(done ? ['validation'] : null);
  expect(splitsOf('predictions-test.csv')).toEqual(done ? ['test'] : null);
});
