import { expect, test } from 'vitest';
import { actionsOf, askPlan, fileNotebook, homeWithFile, reasonOf } from '#tests/support/ask-plan.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';

test('with a wrong cell it is the plan up to there', async () => {
  const sidecar = await startTestSidecar('steady', homeWithFile(fileNotebook.replace('lookback: 16', 'lookback: 1')));
  const broken = await askPlan(sidecar);
  expect(actionsOf(broken)).toBe('data run, features run, targets run, model wrong, loss run, train blocked');
  expect(broken.issues).toEqual([expect.objectContaining({ path: 'model.lookback', line: 11 })]);
  expect([broken.estimate.seconds, broken.words]).toEqual([
    null,
    'would run data, features, targets, loss · model has a problem',
  ]);
  expect(reasonOf(broken, 'train')).toBe('waits for model, which has a problem');

  const lost = await askPlan(sidecar, { source: fileNotebook.replace('bars.csv', 'none.csv') });
  expect(actionsOf(lost)).toBe(
    'data wrong, features blocked, targets blocked, model blocked, loss blocked, train blocked',
  );
  expect(lost.issues).toEqual([expect.objectContaining({ path: 'data.source', line: 5 })]);
  const slow = await askPlan(sidecar, { source: fileNotebook.replace('epochs: 2', 'epochs: 2\nengine: webgpu') });
  expect(actionsOf(slow)).toContain('train wrong');
  expect((await sidecar.post('/runs/plan', { notebook: 'nothing' })).status).toBe(404);
  expect((await sidecar.post('/runs/plan', { fork: '01aaaaaaaaaaaaaaaa0001' })).status).toBe(404);
});

test('a run that is queued or at work is the same, whatever its name and engine, and one that was stopped is not', async () => {
  const sidecar = await startTestSidecar('steady', homeWithFile(fileNotebook));
  expect((await askPlan(sidecar)).identical).toBeUndefined();
  const { body: made } = await sidecar.post<{ id: string }>('/runs', { notebook: 'mine', name: 'One' });
  await sidecar.until(made.id, ({ status }) => status === 'running');
  const same = await askPlan(sidecar, { name: 'Two', overrides: ['train.engine=wasm'] });
  expect(same).toMatchObject({ identical: { id: made.id, status: 'running' }, nextSeed: 2 });
  expect(same.queue).toEqual({ position: 1, ahead: 'R1 trains on wasm' });
  const seeded = await askPlan(sidecar, { overrides: ['train.seed=2'] });
  expect([seeded.identical, reasonOf(seeded, 'train')]).toEqual([undefined, 'train.seed 1 → 2']);
  expect((await askPlan(sidecar, { fork: made.id, notebook: undefined })).identical?.id).toBe(made.id);
  await sidecar.post(`/runs/${made.id}/cancel`);
  await sidecar.until(made.id, ({ status }) => status === 'cancelled');
  expect((await askPlan(sidecar)).identical).toBeUndefined();
});
