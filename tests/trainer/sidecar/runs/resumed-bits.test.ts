import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventsOf, readEvents, resultDigests, smallRun } from '#tests/support/run-folder.ts';
import { startTestSidecar } from '#tests/support/sidecar.ts';
import { wholeRun } from '#tests/support/whole-run.ts';

const overrides = [...smallRun, 'train.epochs=20'];
const untouched = wholeRun(overrides);

test('a run that was cancelled and is resumed completes with the bits of one that was never stopped', async () => {
  const sidecar = await startTestSidecar('real', undefined, { ALMANAC_THREADS: '1' });
  const { body } = await sidecar.post<{ id: string }>('/runs', { overrides });
  const { id } = body;
  const folder = join(sidecar.runs, id);
  await sidecar.until(id, ({ progress }) => progress !== null);
  // Held where it is, so that it cannot complete before it is cancelled.
  await sidecar.post(`/runs/${id}/pause`);
  await sidecar.until(id, ({ status }) => status === 'paused');
  await sidecar.post(`/runs/${id}/cancel`);
  const cancelled = await sidecar.until(id, ({ status }) => status === 'cancelled');
  expect(cancelled.reason).toMatch(/^Stopped (at step|after epoch) \d+ of \d+\.$/);

  await sidecar.post(`/runs/${id}/resume`);
  const run = await sidecar.until(id, ({ status }) => status === 'completed');
  expect(run).toMatchObject({ attempt: 2, reason: 'all 20 epochs' });
  expect(resultDigests(folder)).toEqual(await untouched());
  // Of a step that both attempts took, the table has the newer one's; and best is the best of both.
  const rows = readFileSync(join(folder, 'metrics.csv'), 'utf8').trimEnd().split('\n').slice(1);
  const keys = rows.map((row) => row.split(',')).map(([step, , , metric]) => `${step} ${metric}`);
  expect(new Set(keys).size).toBe(keys.length);
  const best = eventsOf(readEvents(folder), 'checkpoint').findLast(({ name }) => name === 'best');
  expect(run.bestEpoch).toBe(best?.epoch);
});
