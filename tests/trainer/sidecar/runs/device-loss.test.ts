import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readEvents } from '#tests/support/run-folder.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';
import { DeviceLosses } from '#trainer/sidecar/runs/device-losses.ts';

function statuses(sidecar: TestSidecar, id: string) {
  const lines = readFileSync(join(sidecar.runs, id, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const events = lines.map(
    (line) => JSON.parse(line) as { type: string; state: string; attempt: number; reason?: string },
  );
  return events.filter(({ type }) => type === 'status');
}

const cycle = ['queued', 'starting', 'running', 'interrupted'];

test('a run whose device is lost each time without progress starts three times and then waits for a person', async () => {
  const sidecar = await startTestSidecar('lost');
  const { body } = await sidecar.post<{ id: string }>('/runs');
  await sidecar.until(body.id, ({ status, attempt }) => status === 'interrupted' && attempt === 3);
  const seen = statuses(sidecar, body.id);
  expect(seen.map(({ state }) => state)).toEqual([...cycle, ...cycle, ...cycle]);
  expect(seen.filter(({ state }) => state === 'interrupted').map(({ reason }) => reason)).toEqual(
    new Array(3).fill('The GPU was lost (scripted).'),
  );
  expect(seen.filter(({ state }) => state === 'queued').at(-1)?.reason).toMatch(/begins again.*loss 2 of at most 3/);
  // Asked for, it tries again, as often as before.
  await sidecar.post(`/runs/${body.id}/resume`);
  await sidecar.until(body.id, ({ status, attempt }) => status === 'interrupted' && attempt === 6);
});

test('a run that gets on between losses goes on as long as it takes', async () => {
  const sidecar = await startTestSidecar('losing');
  const { body } = await sidecar.post<{ id: string }>('/runs');
  await sidecar.until(body.id, ({ status }) => status === 'completed');
  const seen = statuses(sidecar, body.id);
  expect(seen.map(({ state }) => state)).toEqual([
    ...cycle,
    ...cycle,
    ...cycle,
    ...cycle,
    'queued',
    'starting',
    'running',
    'completed',
  ]);
  expect(seen.at(-1)?.attempt).toBe(5);
  expect(seen.filter(({ state }) => state === 'queued').at(-1)?.reason).toMatch(/checkpoint of step 20.*loss 1 of/);
});

test('a device that was lost while no sidecar looked is tried again by the next one', async () => {
  const home = temporaryHome();
  const first = await startTestSidecar('steady', home);
  const { body } = await first.post<{ id: string }>('/runs');
  await first.until(body.id, ({ status }) => status === 'running');
  const folder = join(first.runs, body.id);
  const trainer = findTrainer(folder, 1)?.pid ?? Number.NaN;
  await first.close();
  process.kill(trainer, 'SIGKILL');
  await expect.poll(() => findTrainer(folder, 1)).toBeNull();
  const seq = readEvents(folder).length + 1;
  const lost = { seq, at: '', attempt: 1, type: 'status', state: 'interrupted', cause: 'device_lost', reason: 'Lost.' };
  appendFileSync(join(folder, 'events.jsonl'), `${JSON.stringify(lost)}\n`);
  const second = await startTestSidecar('steady', home);
  await second.until(body.id, ({ status, attempt }) => status === 'running' && attempt === 2);
});

test('losses are counted for each run by itself', () => {
  const losses = new DeviceLosses();
  expect([losses.note('a', {}), losses.note('b', {}), losses.note('a', {})]).not.toContain(null);
  expect(losses.note('a', {})).toBeNull();
  expect(losses.note('b', {})).not.toBeNull();
});
