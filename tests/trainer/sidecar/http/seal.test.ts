import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { OpenedTest, RunDetail, RunList } from '#core/run/summary.ts';
import { isEnd, readStream } from '#tests/support/read-stream.ts';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';

/** What the scripted trainer's test scores are: in no answer before they are opened. */
const secret = '0.987654';

interface Refused {
  readonly error: { readonly code: string; readonly message: string };
}

async function scoredRun(sidecar: TestSidecar, overrides: readonly string[] = []): Promise<string> {
  const { id } = (await sidecar.post<{ id: string }>('/runs', { overrides })).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  return id;
}

async function readSocket(url: string, isLast: (text: string) => boolean): Promise<readonly string[]> {
  const messages: string[] = [];
  const socket = new WebSocket(url);
  await new Promise<void>((done, failed) => {
    socket.on('message', (data) => {
      messages.push(String(data));
      if (isLast(String(data))) done();
    });
    socket.once('error', failed);
  });
  socket.close();
  return messages;
}

const text = async (url: string) => {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
};

test('no answer tells of a sealed test, and each does once it is opened', async () => {
  const sidecar = await startTestSidecar('scored');
  const created = (await sidecar.post<{ id: string }>('/runs', {})).body;
  // One that follows from the start gets its events from memory, one that comes late from the index.
  const live = readStream(`${sidecar.url}/runs/${created.id}/stream`, isEnd);
  await sidecar.until(created.id, ({ status }) => status === 'completed');
  const { id } = created;
  const at = `${sidecar.url}/runs/${id}`;
  const socket = () =>
    readSocket(`ws://127.0.0.1:${sidecar.port}/runs/${id}/stream`, (one) => one.includes('completed'));
  const frames = async () => [await live, await readStream(`${at}/stream`, isEnd)];
  const shown = async () => [
    ...(await frames()).flat().map(({ data }) => data),
    ...(await socket()),
    (await text(at)).text,
    (await text(`${sidecar.url}/runs`)).text,
    (await text(`${at}/metrics`)).text,
    (await text(`${at}/metrics?format=csv`)).text,
    (await text(`${at}/logs`)).text,
    (await text(`${at}/logs/printed`)).text,
    (await text(`${at}/events`)).text,
    (await text(`${at}/artifacts`)).text,
    (await text(`${at}/artifacts/predictions.csv`)).text,
    (await text(`${at}/artifacts/predictions-test.csv`)).text,
    (await text(`${at}/artifacts/events.jsonl`)).text,
  ];
  const before = await shown();
  expect(before.filter((one) => one.includes(secret) || one.includes('test.da'))).toEqual([]);
  const sealed = before
    .filter((one) => one.includes('"split":"test","sealed":true'))
    .map((one) => JSON.parse(one) as { items?: readonly { type: string; split?: string }[] })
    .map((one) => one.items?.find(({ split }) => split === 'test') ?? one);
  // Two streams, a socket and the list of events.
  expect(sealed).toHaveLength(4);
  for (const event of sealed) {
    expect(event).toEqual({ seq: 7, at: expect.any(String), attempt: 1, type: 'result', split: 'test', sealed: true });
  }
  for (const name of ['predictions-test.csv', 'events.jsonl']) {
    const refused = await sidecar.json<Refused>(`/runs/${id}/artifacts/${name}`);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'sealed']);
    expect(refused.body.error.message).toContain('almanac open-test R1 ');
  }
  const listed = (await sidecar.json<{ path: string; kind: string }[]>(`/runs/${id}/artifacts`)).body;
  expect(listed).toContainEqual(expect.objectContaining({ path: 'predictions-test.csv', kind: 'predictions' }));
  const run = (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
  expect(run.test).toEqual({ state: 'sealed', openedAt: null, openedBy: null, afterLook: false });
  expect(run.metrics.best).toEqual({ 'val.loss': 0.7, 'val.da': 0.51 });
  expect(run.evaluation?.test.rows).toBe(6803);

  const opened = await sidecar.post<OpenedTest>(`/runs/${id}/test`, { by: 'ada' });
  expect([opened.status, opened.body.result.metrics]).toEqual([200, { da: 0.987654 }]);
  expect(opened.body.test).toEqual({ state: 'open', openedAt: expect.any(String), openedBy: 'ada', afterLook: false });
  expect(opened.body.metrics.best).toMatchObject({ 'test.da': 0.987654 });
  const again = await sidecar.post<OpenedTest>(`/runs/${id}/test`, { by: 'bob' });
  expect(again).toEqual(opened);
  const after = [...(await readStream(`${at}/stream`, isEnd)).map(({ data }) => data), ...(await socket())];
  expect(after.filter((one) => one.includes(secret))).toHaveLength(2);
  const files = ['predictions-test.csv', 'events.jsonl'].map(async (name) => text(`${at}/artifacts/${name}`));
  for (const file of await Promise.all(files))
    expect(file).toEqual({ status: 200, text: expect.stringContaining(secret) });
});

test('what is not scored yet cannot be opened, and what waives the seal is open', async () => {
  const steady = await startTestSidecar('steady');
  const { id } = (await steady.post<{ id: string }>('/runs', {})).body;
  const running = await steady.until(id, ({ status }) => status === 'running');
  expect(running.test.state).toBe('none');
  const early = await steady.post<Refused>(`/runs/${id}/test`);
  expect([early.status, early.body.error.code]).toEqual([409, 'state_conflict']);
  expect(early.body.error.message).toBe('R1 has no test results to open: the test is scored when a run ends.');
  expect((await steady.post(`/runs/${'0'.repeat(20)}/test`)).status).toBe(404);
  expect((await steady.post(`/runs/${id}/test`, { from: 'x' })).status).toBe(400);
  expect((await text(`${steady.url}/runs/${id}/artifacts/events.jsonl`)).status).toBe(200);

  const sidecar = await startTestSidecar('scored');
  const open = await scoredRun(sidecar, ['data.split.sealed=false']);
  const frames = await readStream(`${sidecar.url}/runs/${open}/stream`, isEnd);
  expect(frames.filter(({ data }) => data.includes(secret))).toHaveLength(1);
  const run = (await sidecar.json<RunDetail>(`/runs/${open}`)).body;
  expect([run.test.state, run.metrics.best['test.da'], run.envelope.looks.length]).toEqual(['open', 0.987654, 1]);
  expect((await sidecar.post<OpenedTest>(`/runs/${open}/test`, { by: 'ada' })).body.test.openedBy).toBeNull();
  expect(existsSync(join(sidecar.runs, 'workspace.json'))).toBe(false);
  // Its rows could be seen when it ended, so a run on the same rows comes after a look.
  const next = await scoredRun(sidecar);
  expect((await sidecar.json<RunDetail>(`/runs/${next}`)).body.test.afterLook).toBe(true);
});

test('an envelope says who has seen its rows, and how many runs came after', async () => {
  const sidecar = await startTestSidecar('scored');
  const detail = async (id: string) => (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
  const first = await scoredRun(sidecar);
  const before = await scoredRun(sidecar);
  expect((await detail(before)).envelope).toEqual({ looks: [], after: 0, self: false });
  await sidecar.post(`/runs/${first}/test`, { by: 'ada' });
  const after = await scoredRun(sidecar, ['train.seed=2']);
  // Other labels of the same bars have another key, and were seen all the same; those of another market were not.
  const relabelled = await scoredRun(sidecar, ['targets.horizon=5']);
  const elsewhere = await scoredRun(sidecar, ['targets.horizon=6', 'data.source=sample://market?seed=9']);
  const looks = [{ id: first, number: 1, at: expect.any(String), by: 'ada', same: true }];
  expect((await detail(first)).envelope).toEqual({ looks, after: 2, self: false });
  expect((await detail(before)).envelope).toEqual({ looks, after: 2, self: false });
  expect((await detail(after)).envelope).toEqual({ looks, after: 2, self: true });
  const other = [{ ...looks[0], same: false }];
  expect((await detail(relabelled)).envelope).toEqual({ looks: other, after: 2, self: true });
  expect((await detail(elsewhere)).envelope).toEqual({ looks: [], after: 0, self: false });
  const { runs } = (await sidecar.json<RunList>('/runs')).body;
  expect(runs.map(({ number, test }) => [number, test.state, test.afterLook])).toEqual([
    [5, 'sealed', false],
    [4, 'sealed', true],
    [3, 'sealed', true],
    [2, 'sealed', false],
    [1, 'open', false],
  ]);
  // A look is not undone by throwing away the run through which it was.
  await fetch(`${sidecar.url}/runs/${first}`, { method: 'DELETE' });
  expect((await detail(after)).envelope).toEqual({ looks, after: 2, self: true });
  await sidecar.post(`/runs/${after}/test`);
  expect((await detail(before)).envelope.looks.map(({ number, by }) => [number, by])).toEqual([
    [1, 'ada'],
    [3, null],
  ]);
});

test('an index that is built again has the openings', async () => {
  const sidecar = await startTestSidecar('scored');
  const ids = [await scoredRun(sidecar), await scoredRun(sidecar)];
  await sidecar.post(`/runs/${ids[0]}/test`, { by: 'ada' });
  const list = async (from: TestSidecar) => (await from.json<RunList>('/runs')).body;
  const before = await list(sidecar);
  expect((await sidecar.post('/system/reindex')).status).toBe(200);
  expect(await list(sidecar)).toEqual(before);
  await sidecar.close();
  for (const name of ['almanac.db', 'almanac.db-wal', 'almanac.db-shm']) {
    rmSync(join(sidecar.runs, name), { force: true });
  }
  const second = await startTestSidecar('scored', sidecar.home);
  expect(await list(second)).toEqual(before);

  // Those of runs in the bin too, with the rows that were seen.
  const envelope = async () => (await second.json<RunDetail>(`/runs/${ids[1]}`)).body.envelope;
  const looks = await envelope();
  expect(looks.looks).toHaveLength(1);
  await fetch(`${second.url}/runs/${ids[0]}`, { method: 'DELETE' });
  await second.post('/system/reindex');
  expect(await envelope()).toEqual(looks);
});

test('of runs made before there was a seal the test is sealed, and their validation is not', async () => {
  const sidecar = await startTestSidecar('scored');
  const id = await scoredRun(sidecar);
  const folder = join(sidecar.runs, id);
  const rows = (name: string) => readFileSync(join(folder, name), 'utf8');
  const [head, validation] = rows('predictions.csv').split('\n');
  const both = rows('predictions.csv') + rows('predictions-test.csv').split('\n').slice(1).join('\n');
  writeFileSync(join(folder, 'predictions.csv'), both);
  rmSync(join(folder, 'predictions-test.csv'));
  writeFileSync(
    join(folder, 'data.json'),
    JSON.stringify({ rows: 1, dataset: { balance: { dir: { train: 0.5, validation: 0.51, test: 0.49 } } } }),
  );
  const { config } = (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
  const old = JSON.stringify(config).replace(/"sealed":true,/, '');
  await sidecar.workspace.db.updateTable('runs').set({ config: old }).execute();
  const at = `${sidecar.url}/runs/${id}`;
  const run = (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
  expect(run.config).not.toHaveProperty('data.split.sealed');
  expect(run.test.state).toBe('sealed');
  expect(run.dataReport).toEqual({ rows: 1, dataset: { balance: { dir: { train: 0.5, validation: 0.51 } } } });
  for (const name of ['predictions.csv', 'data.json', 'events.jsonl']) {
    expect((await sidecar.json<Refused>(`/runs/${id}/artifacts/${name}`)).body.error?.code).toBe('sealed');
  }
  const shown = await text(`${at}/artifacts/predictions.csv?split=validation`);
  expect(shown).toEqual({ status: 200, text: `${head}\n${validation}\n` });
  expect((await text(`${at}/artifacts/config.yaml?split=validation`)).status).toBe(404);
  expect((await text(`${at}/artifacts/predictions.csv?split=test`)).status).toBe(400);
  await sidecar.post(`/runs/${id}/test`);
  expect((await text(`${at}/artifacts/predictions.csv`)).text).toBe(both);
  const child = await sidecar.post<RunDetail>(`/runs/${id}/fork`, { overrides: ['train.seed=2'] });
  expect(child.body.changed).toEqual({ 'train.seed': [1, 2] });
  expect((await sidecar.json<RunDetail>(`/runs/${id}`)).body.dataReport).toMatchObject({
    dataset: { balance: { dir: { test: 0.49 } } },
  });
});

test('a log that holds more than the index has read is looked through before it is served', async () => {
  const sidecar = await startTestSidecar('quick');
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  const log = join(sidecar.runs, id, 'events.jsonl');
  expect((await text(`${sidecar.url}/runs/${id}/artifacts/events.jsonl`)).status).toBe(200);
  appendFileSync(log, `{"seq":99,"type":"result","split":"test","metrics":{"da":${secret}}}\n`);
  expect((await text(`${sidecar.url}/runs/${id}/artifacts/events.jsonl`)).status).toBe(409);
});
