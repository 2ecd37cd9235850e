import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import type { BinContent } from '#core/api/run-answers.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';
import { identifyProcess } from '#trainer/run-folder/process-identity.ts';

type Emptied = Omit<BinContent, 'items'> & {
  readonly kept: readonly { readonly id: string; readonly reason: string }[];
};

const weigh = async (sidecar: TestSidecar) => (await sidecar.json<BinContent>('/runs/bin')).body;
const empty = (sidecar: TestSidecar) => sidecar.json<Emptied>('/runs/bin', { method: 'DELETE' });
const bin = (sidecar: TestSidecar, id: string) => sidecar.json(`/runs/${id}`, { method: 'DELETE' });
const show = async (sidecar: TestSidecar, id: string) => (await sidecar.json<RunDetail>(`/runs/${id}`)).body;

async function make(sidecar: TestSidecar, body: object = {}, key = ''): Promise<string> {
  const { id } = (await sidecar.post<{ id: string }>('/runs', body, key === '' ? {} : { 'idempotency-key': key })).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  return id;
}

async function countRows(sidecar: TestSidecar, id: string): Promise<Record<string, number>> {
  const { db } = sidecar.workspace;
  const counts: Record<string, number> = {};
  for (const table of ['events', 'points', 'keys'] as const) {
    const rows = await db.selectFrom(table).select('run_id').where('run_id', '=', id).execute();
    counts[table] = rows.length;
  }
  counts['runs'] = (await db.selectFrom('runs').select('id').where('id', '=', id).execute()).length;
  return counts;
}

test('an emptied bin has no files, no rows and no labels left, and says what it freed', async () => {
  const sidecar = await startTestSidecar('scored');
  const [gone, stays] = [await make(sidecar, {}, 'key-1'), await make(sidecar)];
  expect(await weigh(sidecar)).toEqual({ runs: 0, bytes: 0, items: [] });
  await sidecar.json(`/runs/${gone}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ notes: 'a secret' }),
  });
  await bin(sidecar, gone);
  writeFileSync(join(sidecar.runs, '.bin', gone, 'predictions.csv'), 'x'.repeat(100_000));
  const { items, ...weight } = await weigh(sidecar);
  expect(weight).toEqual({ runs: 1, bytes: expect.any(Number) });
  const { bytes } = weight;
  expect(items).toEqual([
    { id: gone, number: 1, name: expect.any(String), notebook: null, binnedAt: expect.stringMatching(/Z$/), bytes },
  ]);
  expect(weight.bytes).toBeGreaterThan(100_000);
  expect((await countRows(sidecar, gone))['events']).toBeGreaterThan(0);

  expect(await empty(sidecar)).toEqual({ status: 200, body: { ...weight, kept: [] } });
  expect(await weigh(sidecar)).toEqual({ runs: 0, bytes: 0, items: [] });
  expect(readdirSync(join(sidecar.runs, '.bin'))).toEqual([]);
  expect(await countRows(sidecar, gone)).toEqual({ events: 0, points: 0, keys: 0, runs: 0 });
  expect(readFileSync(join(sidecar.runs, 'workspace.json'), 'utf8')).not.toContain('a secret');
  expect((await show(sidecar, stays)).status).toBe('completed');
  // The key is free again, and the number is not.
  const again = await make(sidecar, {}, 'key-1');
  expect((await show(sidecar, again)).number).toBe(3);
});

test('looks at a test and the count of scored runs outlive the runs, the index and the bin', async () => {
  const home = temporaryHome();
  const first = await startTestSidecar('scored', home);
  const looked = await make(first);
  await first.post(`/runs/${looked}/test`, { by: 'ada' });
  const later = await make(first);
  const newest = await make(first);
  const before = await show(first, later);
  expect(before).toMatchObject({ test: { afterLook: true }, tried: 3 });
  for (const id of [looked, newest]) await bin(first, id);
  const binned = await show(first, later);
  await empty(first);
  expect(await show(first, later)).toEqual(binned);
  expect(binned.envelope).toEqual(before.envelope);
  await first.close();

  for (const name of readdirSync(first.runs).filter((file) => file.startsWith('almanac.db')))
    rmSync(join(first.runs, name));
  const second = await startTestSidecar('scored', home);
  expect(await show(second, later)).toEqual(binned);
  expect((await show(second, await make(second))).number).toBe(4);
  expect((await second.post('/system/reindex')).status).toBe(200);
  expect((await show(second, later)).envelope.looks).toEqual(binned.envelope.looks);
});

test('a run comes back from the bin whole, and one that is not in it is refused', async () => {
  const sidecar = await startTestSidecar('quick');
  const id = await make(sidecar, { name: 'kept' });
  expect((await sidecar.post(`/runs/${id}/restore`)).status).toBe(404);
  const before = await show(sidecar, id);
  await bin(sidecar, id);
  expect((await sidecar.json(`/runs/${id}`)).status).toBe(404);
  expect(await sidecar.post<RunSummary>(`/runs/${id}/restore`)).toMatchObject({
    status: 200,
    body: { id, name: 'kept' },
  });
  expect(await show(sidecar, id)).toEqual(before);
  expect(await empty(sidecar)).toMatchObject({ body: { runs: 0 } });
  expect(existsSync(join(sidecar.runs, id, 'events.jsonl'))).toBe(true);
});

test('a run whose process has not gone yet is waited for, and its device is free again', async () => {
  const sidecar = await startTestSidecar('quick');
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  expect((await bin(sidecar, id)).status).toBe(200);
  expect(sidecar.workspace.supervisor.active()).toEqual([]);
});

test('what a process still has, or lies among the others too, is never touched', async () => {
  const sidecar = await startTestSidecar('quick');
  const [held, copied] = [await make(sidecar), await make(sidecar)];
  await bin(sidecar, held);
  const lock = { ...identifyProcess(), nonce: 'n', at: new Date().toISOString() };
  writeFileSync(join(sidecar.runs, '.bin', held, 'attempt-1.7.lock'), JSON.stringify(lock));
  cpSync(join(sidecar.runs, copied), join(sidecar.runs, '.bin', copied), { recursive: true });
  const { body } = await empty(sidecar);
  expect(body.runs).toBe(0);
  expect(body.kept.map(({ id }) => id)).toEqual([held, copied].sort());
  expect(body.kept.find(({ id }) => id === held)?.reason).toBe(`process ${process.pid} still has it`);
  expect(existsSync(join(sidecar.runs, '.bin', held, 'events.jsonl'))).toBe(true);
  expect((await show(sidecar, copied)).status).toBe('completed');
});

test('a damaged workspace record stops it before anything goes', async () => {
  const sidecar = await startTestSidecar('quick');
  const id = await make(sidecar);
  await bin(sidecar, id);
  writeFileSync(join(sidecar.runs, 'workspace.json'), '{');
  expect((await empty(sidecar)).status).toBe(409);
  expect(readdirSync(join(sidecar.runs, '.bin'))).toEqual([id]);
});

/** What a kill at each step of emptying leaves behind. */
const stops: Record<string, (runs: string, id: string) => void> = {
  'after the rename': (runs, id) => renameSync(join(runs, '.bin', id), join(runs, '.bin', `.${id}.emptied`)),
  'while files went': (runs, id) => {
    renameSync(join(runs, '.bin', id), join(runs, '.bin', `.${id}.emptied`));
    rmSync(join(runs, '.bin', `.${id}.emptied`, 'trainer.log'), { force: true });
    mkdirSync(join(runs, '.bin', `.${id}.emptied`, 'checkpoints'));
  },
  'after the files had gone': (runs, id) => {
    rmSync(join(runs, '.bin', id), { recursive: true });
    const stays = { number: 1, createdAt: '2026-01-01T00:00:00.000Z', validation: null, test: null, opening: null };
    writeFileSync(join(runs, 'workspace.json'), JSON.stringify({ runs: {}, openings: {}, emptied: { [id]: stays } }));
  },
};

test.each(Object.entries(stops))('a stop %s is made up for at the next start', async (_, stop) => {
  const home = temporaryHome();
  const first = await startTestSidecar('quick', home);
  const id = await make(first);
  await bin(first, id);
  await first.close();
  stop(first.runs, id);
  const second = await startTestSidecar('quick', home);
  expect(second.warnings).toEqual([]);
  expect(await weigh(second)).toEqual({ runs: 0, bytes: 0, items: [] });
  expect(readdirSync(join(second.runs, '.bin'))).toEqual([]);
  expect(await countRows(second, id)).toEqual({ events: 0, points: 0, keys: 0, runs: 0 });
  expect((await show(second, await make(second))).number).toBe(2);
});

test('a run that was being emptied when the index went, too, is in the bin again and not lost to the looks', async () => {
  const home = temporaryHome();
  const first = await startTestSidecar('scored', home);
  const id = await make(first);
  await first.post(`/runs/${id}/test`, {});
  await bin(first, id);
  await first.close();
  stops['after the rename'](first.runs, id);
  for (const name of readdirSync(first.runs).filter((file) => file.startsWith('almanac.db')))
    rmSync(join(first.runs, name));
  const second = await startTestSidecar('scored', home);
  expect(await weigh(second)).toMatchObject({ runs: 1 });
  expect((await show(second, await make(second))).test.afterLook).toBe(true);
});

test('a stop between the folder and the index is made up for, on the way to the bin and back', async () => {
  const home = temporaryHome();
  const first = await startTestSidecar('quick', home);
  const [going, coming] = [await make(first), await make(first)];
  await bin(first, coming);
  await first.close();
  renameSync(join(first.runs, going), join(first.runs, '.bin', going));
  renameSync(join(first.runs, '.bin', coming), join(first.runs, coming));
  const second = await startTestSidecar('quick', home);
  const { runs } = (await second.json<{ runs: RunSummary[] }>('/runs')).body;
  expect(runs.map(({ id }) => id)).toEqual([coming]);
  expect(await weigh(second)).toMatchObject({ runs: 1 });
});

test('the file of the index shrinks by what its rows took', async () => {
  const home = temporaryHome();
  const sidecar = await startTestSidecar('quick', home);
  const id = await make(sidecar);
  await make(sidecar);
  const { db } = sidecar.workspace;
  const body = JSON.stringify({ text: 'x'.repeat(1000) });
  const rows = Array.from({ length: 8000 }, (_, k) => ({
    run_id: id,
    seq: 1000 + k,
    attempt: 1,
    type: 'log',
    at: '',
    body,
  }));
  await db.transaction().execute(async (transaction) => {
    for (let at = 0; at < rows.length; at += 1000)
      await transaction
        .insertInto('events')
        .values(rows.slice(at, at + 1000))
        .execute();
  });
  await bin(sidecar, id);
  await empty(sidecar);
  expect(statSync(join(sidecar.runs, 'almanac.db')).size).toBeLessThan(1_000_000);
  expect(statSync(join(sidecar.runs, 'almanac.db-wal')).size).toBe(0);
});

test('almanac empty-bin says what goes and asks; --yes does not', async () => {
  const sidecar = await startTestSidecar('quick');
  const env = { ALMANAC_HOME: sidecar.home };
  expect(await commandLine(env, ['empty-bin'])).toMatchObject({ code: 0, out: 'the bin is empty\n' });
  await bin(sidecar, await make(sidecar));
  const questions: string[] = [];
  const say = (answer: boolean | null) => async (question: string) => (questions.push(question), answer);
  expect(await commandLine(env, ['empty-bin'], null, say(null))).toMatchObject({
    code: 2,
    notes: expect.stringContaining('Expected --yes'),
  });
  expect(await commandLine(env, ['empty-bin'], null, say(false))).toMatchObject({ code: 1, out: '' });
  expect(questions[1]).toMatch(/^The bin holds 1 run, [\d.]+ kB\. It goes for good/);
  expect((await weigh(sidecar)).runs).toBe(1);
  const done = await commandLine(env, ['empty-bin', '--json'], null, say(true));
  expect(JSON.parse(done.out)).toMatchObject({ runs: 1, kept: [] });
  await bin(sidecar, await make(sidecar));
  expect(await commandLine(env, ['empty-bin', '--yes'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^1 run removed, [\d.]+ kB freed\n$/),
  });
});
