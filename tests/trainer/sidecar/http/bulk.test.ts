import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { BulkAnswer } from '#core/api/bulk.ts';
import type { RunDetail } from '#core/run/summary.ts';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';

const absent = '01m8nr2yrkfq9rq2vy28cf';

async function send(sidecar: TestSidecar, method: string, path: string, body: object) {
  const init = { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return sidecar.json<BulkAnswer>(path, init);
}

async function make(sidecar: TestSidecar): Promise<string> {
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.post(`/runs/${id}/cancel`);
  await sidecar.until(id, ({ status }) => status === 'cancelled');
  return id;
}

test('several runs are tagged, starred and archived in one writing, and what is so already is not changed', async () => {
  const sidecar = await startTestSidecar('steady');
  const [one, other] = [await make(sidecar), await make(sidecar)];
  const first = { ids: [one], addTags: ['keep', 'old'], starred: true };
  expect((await send(sidecar, 'PATCH', '/runs', first)).body).toEqual({ changed: [one], kept: [] });
  const { body } = await send(sidecar, 'PATCH', '/runs', {
    ids: [one, other, absent],
    addTags: ['keep'],
    starred: true,
  });
  expect(body).toEqual({ changed: [other], kept: [{ id: absent, reason: expect.stringContaining('no such run') }] });
  const last = { ids: [one, other], removeTags: ['keep'], archived: true };
  expect((await send(sidecar, 'PATCH', '/runs', last)).body.changed).toEqual([one, other]);
  const show = async (id: string) => (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
  expect(await show(one)).toMatchObject({ tags: ['old'], starred: true, archived: true });
  expect(await show(other)).toMatchObject({ tags: [], starred: true, archived: true });
  const written = JSON.parse(readFileSync(join(sidecar.runs, 'workspace.json'), 'utf8')) as { runs: object };
  expect(written.runs).toMatchObject({ [one]: { tags: ['old'] }, [other]: { archived: true } });
});

test('a run that would have too many tags stays as it is, and hinders no other', async () => {
  const sidecar = await startTestSidecar('steady');
  const [one, other] = [await make(sidecar), await make(sidecar)];
  const many = Array.from({ length: 32 }, (_, k) => `tag-${k}`);
  await send(sidecar, 'PATCH', '/runs', { ids: [one], addTags: many });
  const { body } = await send(sidecar, 'PATCH', '/runs', { ids: [one, other], addTags: ['one more'] });
  expect(body).toEqual({ changed: [other], kept: [{ id: one, reason: expect.stringContaining('33 tags') }] });
});

test('several runs go to the bin and come back; one that is at work stays, with the reason', async () => {
  const sidecar = await startTestSidecar('steady');
  const done = await make(sidecar);
  const queued = (await sidecar.post<{ id: string }>('/runs', {})).body.id;
  const answer = await send(sidecar, 'POST', '/runs/bin', { ids: [done, queued, done] });
  expect(answer.body).toEqual({
    changed: [done],
    kept: [{ id: queued, reason: expect.stringContaining('Cancel it first') }],
  });
  expect(existsSync(join(sidecar.runs, '.bin', done))).toBe(true);
  const back = await send(sidecar, 'POST', '/runs/restore', { ids: [done, absent] });
  expect(back.body).toEqual({ changed: [done], kept: [{ id: absent, reason: expect.stringContaining('in the bin') }] });
  expect(existsSync(join(sidecar.runs, done))).toBe(true);
  expect((await send(sidecar, 'POST', '/runs/bin', { ids: [] })).status).toBe(400);
});
