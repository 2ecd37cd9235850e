import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readCellAnswer } from '#core/api/read-cell.ts';
import {
  actionsOf,
  askPlan,
  fileBars,
  fileNotebook,
  fileRow,
  homeWithFile,
  reasonOf,
} from '#tests/support/ask-plan.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

test('a plan says what is computed and why, what is reused, how long it takes, and which run is the same', async () => {
  const home = homeWithFile(fileNotebook);
  const sidecar = await startTestSidecar('real', home);

  // The engines are tested behind the first answers.
  await expect.poll(async () => (await askPlan(sidecar)).estimate.engine, { timeout: 30_000 }).toBe('wasm');
  const first = await askPlan(sidecar);
  expect(actionsOf(first)).toBe('data run, features run, targets run, model run, loss run, train run');
  expect(first.estimate).toMatchObject({
    seconds: null,
    engine: 'wasm',
    basis: expect.stringContaining('run the model cell'),
  });
  expect([first.queue, first.identical, first.issues]).toEqual([{ position: 1, ahead: null }, undefined, []]);

  const cell = await fetch(`${sidecar.url}/notebooks/mine/cells/model`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const model = await readCellAnswer(cell.body!);
  const timed = await askPlan(sidecar);
  expect(actionsOf(timed)).toBe('data cached, features cached, targets cached, model run, loss run, train run');
  if (model.step !== 'model') throw new Error('another result');
  expect(timed.estimate.seconds).toBeCloseTo(model.eta!.seconds, 6);
  expect(timed.estimate.basis).toContain(
    `${Math.round(model.speed!.samplesPerSecond).toLocaleString('en')} samples/s on wasm`,
  );
  expect(timed.estimate.bytes).toBeGreaterThan(0);

  const { body: made } = await sidecar.post<{ id: string; number: number }>('/runs', { notebook: 'mine', name: 'One' });
  await sidecar.until(made.id, ({ status }) => status === 'completed');
  // Neither name nor tags nor engine make another run of it; a seed does.
  const same = await askPlan(sidecar, { name: 'Two', tags: ['new'], overrides: ['train.engine=wasm'] });
  expect(same).toMatchObject({ identical: { id: made.id, number: made.number, status: 'completed' }, nextSeed: 2 });
  expect(same.words).toMatch(/^reuses data, features, targets · runs train · about /);
  const seeded = await askPlan(sidecar, { overrides: ['train.seed=2'] });
  expect([seeded.identical, reasonOf(seeded, 'train')]).toEqual([undefined, 'train.seed 1 → 2']);

  const fork = await askPlan(sidecar, {
    notebook: undefined,
    fork: made.id,
    overrides: ['features.timeframes.1h.rsi.period=21'],
  });
  expect(actionsOf(fork)).toBe('data cached, features run, targets run, model run, loss run, train run');
  expect([reasonOf(fork, 'features'), reasonOf(fork, 'train'), fork.rows]).toEqual([
    'features.timeframes.1h.rsi.period 14 → 21',
    'needs features: features.timeframes.1h.rsi.period 14 → 21',
    null,
  ]);
  expect(fork.words).toMatch(/^reuses data · runs features, targets, train · about /);
  const moved = await askPlan(sidecar, {
    notebook: undefined,
    fork: made.id,
    overrides: ['data.split.train=0.6', 'data.split.validation=0.25'],
  });
  expect(moved.rows).toBe(
    `may be other rows than those of R${made.number}: data.split.train, data.split.validation changed`,
  );

  appendFileSync(join(home, 'notebooks', 'data', 'bars.csv'), fileRow(1999, fileBars.time[1999] + fileBars.step));
  const later = await askPlan(sidecar);
  expect([later.identical, reasonOf(later, 'data')]).toEqual([undefined, expect.stringContaining('file')]);
});
