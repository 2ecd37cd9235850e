import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Passage } from '#core/run/said.ts';
import type { RunDetail } from '#core/run/summary.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';

interface Answer {
  readonly prose: readonly Passage[];
  readonly error: { readonly code: string; readonly message: string };
}

const send = (sidecar: TestSidecar, method: string, path: string, body?: object) =>
  sidecar.json<Answer>(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function startWithRuns(count: number, home = temporaryHome()) {
  const sidecar = await startTestSidecar('quick', home);
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await sidecar.post<{ id: string }>('/runs', {})).body.id);
  for (const id of ids) await sidecar.until(id, ({ status }) => status === 'completed');
  const show = async (id: string) => (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
  const loseIndex = () => {
    for (const name of ['almanac.db', 'almanac.db-wal', 'almanac.db-shm'])
      rmSync(join(sidecar.runs, name), { force: true });
  };
  return { sidecar, ids, show, home, loseIndex };
}

test('text is added to a run and put in the place of its own: dated, kept without the index, the folder untouched', async () => {
  const { sidecar, ids, home, loseIndex } = await startWithRuns(1);
  const [id] = ids;
  const frozen = () => readFileSync(join(sidecar.runs, id, 'notebook.md'), 'utf8');
  const before = frozen();
  await send(sidecar, 'POST', `/runs/${id}/prose`, { text: 'What I asked.', replaces: true });
  await send(sidecar, 'POST', `/runs/${id}/prose`, { after: 'train', text: 'It learned slowly.' });
  // Of one text there is one replacement, however often it is made.
  const { body } = await send(sidecar, 'POST', `/runs/${id}/prose`, { text: 'What I really asked.', replaces: true });
  expect(body.prose).toEqual([
    { id: 'p1', after: null, replaces: true, text: 'What I really asked.', at: expect.stringMatching(/Z$/) },
    { id: 'p2', after: 'train', replaces: false, text: 'It learned slowly.', at: expect.stringMatching(/Z$/) },
  ]);
  expect(frozen()).toBe(before);
  await sidecar.close();
  loseIndex();

  const second = await startTestSidecar('quick', home);
  expect((await second.json<RunDetail>(`/runs/${id}`)).body.prose).toEqual(body.prose);
  await send(second, 'DELETE', `/runs/${id}/prose/p1`);
  await send(second, 'POST', `/runs/${id}/prose`, { after: 'model', text: 'Later.' });
  expect((await second.json<RunDetail>(`/runs/${id}`)).body.prose.map(({ id: key }) => key)).toEqual(['p2', 'p3']);
});

test('words that were changed meanwhile are not written over unseen', async () => {
  const { sidecar, ids } = await startWithRuns(1);
  const [id] = ids;
  const [first] = (await send(sidecar, 'POST', `/runs/${id}/prose`, { after: 'train', text: 'One.' })).body.prose;
  const [second] = (await send(sidecar, 'PUT', `/runs/${id}/prose/p1`, { text: 'Two.', at: first.at })).body.prose;
  expect(second.text).toBe('Two.');
  const late = await send(sidecar, 'PUT', `/runs/${id}/prose/p1`, { text: 'Three.', at: '2026-01-01T00:00:00.000Z' });
  expect([late.status, late.body.error.code]).toEqual([409, 'state_conflict']);
  // Who writes what is there already is in nobody's way.
  expect((await send(sidecar, 'PUT', `/runs/${id}/prose/p1`, { text: 'Two.', at: 'long ago' })).status).toBe(200);
  await send(sidecar, 'PATCH', `/runs/${id}`, { conclusion: 'Mine.', concludedAt: null });
  const over = await send(sidecar, 'PATCH', `/runs/${id}`, { conclusion: 'Yours.', concludedAt: null });
  expect([over.status, over.body.error.code]).toEqual([409, 'state_conflict']);
  expect((await send(sidecar, 'PUT', `/runs/${id}/prose/p9`, { text: 'x' })).status).toBe(404);
});

test('a conclusion of a comparison stands at each of its runs, in any order, and goes with the newest', async () => {
  const { sidecar, ids, show, home, loseIndex } = await startWithRuns(3);
  const [a, b, c] = ids;
  const put = (runs: readonly string[], body: object) =>
    send(sidecar, 'PUT', '/runs/conclusion', { runs, conclusion: 'The same.', ...body });
  expect((await put([b, a], {})).status).toBe(200);
  expect((await put([a, b, c], { conclusion: 'No.' })).status).toBe(200);
  const read = await sidecar.json<object>(`/runs/conclusion?ids=${a},${b}`);
  expect(read.body).toMatchObject({ conclusion: 'The same.', runs: [{ number: 1 }, { number: 2 }] });
  expect((await show(a)).comparisons.map(({ runs }) => runs.map(({ number }) => number))).toEqual([
    [1, 2, 3],
    [1, 2],
  ]);
  expect((await show(c)).comparisons).toMatchObject([{ conclusion: 'No.' }]);
  expect((await put([a, b], { conclusion: 'x', at: null })).body.error.code).toBe('state_conflict');
  expect((await put([a, a], {})).body.error.message).toContain('each run once');
  expect((await put([a, '01aaaaaaaaaaaaaaaaaaaa'], {})).status).toBe(404);

  await send(sidecar, 'DELETE', `/runs/${c}`);
  // Of one in the bin nothing is lost.
  expect((await show(a)).comparisons).toHaveLength(2);
  await send(sidecar, 'DELETE', '/runs/bin');
  expect((await show(a)).comparisons).toMatchObject([{ conclusion: 'The same.' }]);
  await sidecar.close();
  loseIndex();
  const second = await startTestSidecar('quick', home);
  expect((await second.json<RunDetail>(`/runs/${b}`)).body.comparisons).toMatchObject([{ conclusion: 'The same.' }]);
});

test('a run is found by its number as well', async () => {
  const { show, ids } = await startWithRuns(1);
  expect((await show('R1')).id).toBe(ids[0]);
  expect((await show('r1')).id).toBe(ids[0]);
  expect(await show('R2')).toMatchObject({ error: { code: 'run_not_found' } });
});
