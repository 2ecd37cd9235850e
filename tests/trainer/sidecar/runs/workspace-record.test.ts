import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunDetail, RunList, RunSummary } from '#core/run/summary.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';

interface Refused {
  readonly error: { readonly code: string; readonly message: string };
}

const patch = (sidecar: TestSidecar, id: string, body: object) =>
  sidecar.json<RunSummary & Refused>(`/runs/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
/** What is said of a run of which nobody has said anything. */
const silent = { conclusion: '', concludedAt: null, starred: false, archived: false, prose: [] };
const record = (sidecar: TestSidecar) =>
  JSON.parse(readFileSync(join(sidecar.runs, 'workspace.json'), 'utf8')) as unknown;

async function createRuns(sidecar: TestSidecar, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await sidecar.post<{ id: string }>('/runs', {})).body.id);
  for (const id of ids) await sidecar.until(id, ({ status }) => status === 'completed');
  return ids;
}

test('forty changes and openings at once are all there, in the index and in the file', async () => {
  const sidecar = await startTestSidecar('scored');
  const ids = await createRuns(sidecar, 4);
  const changes = ids.flatMap((id) => [
    ...Array.from({ length: 9 }, (_, k) => patch(sidecar, id, k % 3 === 0 ? { name: `N ${k}` } : { tags: [`t${k}`] })),
    patch(sidecar, id, { notes: `notes of ${id}` }),
    sidecar.post(`/runs/${id}/test`, { by: 'ada' }),
  ]);
  expect(new Set((await Promise.all(changes)).map(({ status }) => status))).toEqual(new Set([200]));
  const { runs } = (await sidecar.json<RunList>('/runs')).body;
  const said = { name: expect.stringMatching(/^N [036]$/), tags: [expect.stringMatching(/^t[124578]$/)] };
  expect(runs).toMatchObject(ids.map(() => ({ ...said, test: { state: 'open', openedBy: 'ada' } })));
  expect(record(sidecar)).toEqual({
    runs: Object.fromEntries(ids.map((id) => [id, { ...silent, ...said, notes: `notes of ${id}` }])),
    openings: Object.fromEntries(ids.map((id) => [id, { at: expect.any(String), by: 'ada' }])),
    emptied: {},
  });
});

test('the version before stays beside the file, and keys of a newer version stay in it', async () => {
  const sidecar = await startTestSidecar('quick');
  const [id] = await createRuns(sidecar, 1);
  const path = join(sidecar.runs, 'workspace.json');
  await patch(sidecar, id, { name: 'first' });
  expect(existsSync(`${path}.old`)).toBe(false);
  const kept = { runs: { [id]: { name: 'first', tags: [], notes: '', mood: 'good' } }, verdicts: { [id]: 'none' } };
  writeFileSync(path, JSON.stringify(kept));
  await patch(sidecar, id, { name: 'second' });
  expect(JSON.parse(readFileSync(`${path}.old`, 'utf8'))).toEqual(kept);
  expect(record(sidecar)).toEqual({
    ...kept,
    runs: { [id]: { ...silent, name: 'second', tags: [], notes: '', mood: 'good' } },
    openings: {},
    emptied: {},
  });
});

test.each([
  ['torn', '{"runs": {"01', 'it is not JSON'],
  ['of another shape', '{"runs": []}', 'runs: '],
])('a file that is %s is refused and never written over', async (_, damaged, why) => {
  const home = temporaryHome();
  const sidecar = await startTestSidecar('scored', home);
  const [id] = await createRuns(sidecar, 1);
  await patch(sidecar, id, { name: 'kept' });
  await sidecar.post(`/runs/${id}/test`);
  const path = join(sidecar.runs, 'workspace.json');
  writeFileSync(path, damaged);
  for (const refused of [await patch(sidecar, id, { name: 'x' }), await sidecar.post<Refused>('/system/reindex')]) {
    expect([refused.status, refused.body.error.code]).toEqual([409, 'state_conflict']);
    expect(refused.body.error.message).toContain(why);
    expect(refused.body.error.message).toContain('workspace.json.old');
  }
  expect((await sidecar.json<RunSummary>(`/runs/${id}`)).body).toMatchObject({ name: 'kept', test: { state: 'open' } });
  await sidecar.close();

  // Without an index the file is all there is: the start says what is wrong, and what cannot be read is sealed.
  for (const name of ['almanac.db', 'almanac.db-wal', 'almanac.db-shm'])
    rmSync(join(sidecar.runs, name), { force: true });
  const second = await startTestSidecar('scored', home);
  expect(second.warnings.join('\n')).toContain(why);
  expect((await second.json<RunSummary>(`/runs/${id}`)).body).toMatchObject({ test: { state: 'sealed' } });
  expect((await second.post<Refused>(`/runs/${id}/test`)).body.error.code).toBe('state_conflict');
  expect(readFileSync(path, 'utf8')).toBe(damaged);

  // Put right, it is whole again.
  writeFileSync(path, readFileSync(`${path}.old`, 'utf8'));
  expect((await second.post('/system/reindex')).status).toBe(200);
  expect((await second.json<RunSummary>(`/runs/${id}`)).body.name).toBe('kept');
});

test('what was learned, a star and an archived run outlive the index; a conclusion is dated while there is one', async () => {
  const home = temporaryHome();
  const sidecar = await startTestSidecar('quick', home);
  const [id] = await createRuns(sidecar, 1);
  const learned = { conclusion: 'Longer memory does not help.\n\nSee R1.', starred: true, archived: true };
  expect((await patch(sidecar, id, learned)).body).toMatchObject(learned);
  const said = (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
  expect(said).toMatchObject({ ...learned, concludedAt: expect.stringMatching(/^\d{4}-.*Z$/) });
  // What is the same again is no new conclusion.
  await patch(sidecar, id, { conclusion: learned.conclusion, name: 'other' });
  await sidecar.close();

  for (const name of ['almanac.db', 'almanac.db-wal', 'almanac.db-shm'])
    rmSync(join(sidecar.runs, name), { force: true });
  const second = await startTestSidecar('quick', home);
  expect((await second.json<RunDetail>(`/runs/${id}`)).body).toEqual({ ...said, name: 'other' });
  await patch(second, id, { conclusion: '', starred: false });
  expect((await second.json<RunDetail>(`/runs/${id}`)).body).toMatchObject({
    ...{ conclusion: '', concludedAt: null, starred: false, archived: true },
  });
  const long = await patch(second, id, { conclusion: 'x'.repeat(10_001) });
  expect([long.status, long.body.error.message]).toEqual([400, expect.stringContaining('conclusion')]);
});
