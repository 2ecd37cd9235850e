import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultConfig } from '#core/config/compile.ts';
import type { ReindexAnswer } from '#core/api/machine.ts';
import { isResumable } from '#core/run/state.ts';
import type { RunDetail, RunList, RunSummary } from '#core/run/summary.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { runRecord } from '#tests/support/run-record.ts';
import { scale } from '#tests/support/scale.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';
import { metricLines } from '#tests/support/test-run.ts';
import { writeFrozenRun } from '#trainer/run-folder/frozen.ts';

const at = '2026-01-01T00:00:00.000Z';
const idOf = (number: number) => `01aaaaaaaaaaaaaaaa${String(number).padStart(4, '0')}`;
const status = (seq: number, state: string) => `${JSON.stringify({ seq, at, attempt: 1, type: 'status', state })}\n`;

/** The log of a completed run with so many metrics. */
function wholeLog(metrics: number): string {
  const begun = status(1, 'queued') + status(2, 'starting') + status(3, 'running');
  return begun + metricLines(4, metrics) + status(4 + metrics, 'completed');
}

/** A completed run of another time in a folder of its own; its trainer has long ended. */
async function makeRun(home: string, number: number, metrics = 20): Promise<string> {
  const runs = join(home, 'runs');
  mkdirSync(runs, { recursive: true });
  const id = idOf(number);
  const key = { key: `key-${number}`, sha256: 'x' };
  const record = runRecord({ id, number, name: `Run ${number}`, createdAt: new Date().toISOString(), key });
  await writeFrozenRun(runs, { record, source: '', config: defaultConfig(), overrides: [] });
  writeFileSync(join(runs, id, 'events.jsonl'), wholeLog(metrics));
  const holder = { pid: 999_999_999, startTicks: 1, bootId: 'before', nonce: 'n', at };
  writeFileSync(join(runs, id, 'attempt-1.lock'), JSON.stringify(holder));
  mkdirSync(join(runs, id, 'checkpoints', 'last'), { recursive: true });
  return id;
}

const show = async (sidecar: TestSidecar, id: string) => (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
const list = async (sidecar: TestSidecar) => (await sidecar.json<RunList>('/runs?limit=200')).body.runs;

test('runs whose logs were cut anywhere are told as their logs tell, and can be resumed, cancelled and deleted', async () => {
  const home = temporaryHome();
  const count = scale(60, 12);
  const random = seededRandom(7);
  for (let number = 1; number <= count; number++) await makeRun(home, number);
  const first = await startTestSidecar('deaf', home);
  expect((await list(first)).map((run) => run.status)).toEqual(Array(count).fill('completed'));
  await first.close();

  const whole = wholeLog(20).length;
  const cuts = Array.from({ length: count }, (_, k) => (k === 0 ? 0 : Math.floor(random() * (whole - 1))));
  cuts.forEach((bytes, k) => truncateSync(join(home, 'runs', idOf(k + 1), 'events.jsonl'), bytes));
  const second = await startTestSidecar('deaf', home, { ALMANAC_CONCURRENCY: '1' });
  const runs = await list(second);
  expect(runs).toHaveLength(count);
  for (const run of runs) {
    // None has a trainer, so none is live; what was lost is said.
    expect([run.number, run.status]).toEqual([run.number, 'interrupted']);
    expect(run.damage?.note).toMatch(/shorter than what had been read of it|found gone/);
    expect(isResumable(run.status)).toBe(true);
    const { lastSeq } = await show(second, run.id);
    const lines = readFileSync(join(home, 'runs', run.id, 'events.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(JSON.parse(lines[lines.length - 1])).toMatchObject({ seq: lastSeq, state: 'interrupted' });
  }
  const [resumed, ...others] = runs;
  expect((await second.post<RunSummary>(`/runs/${resumed.id}/resume`)).body.status).toBe('queued');
  for (const { id } of others) expect((await second.json(`/runs/${id}`, { method: 'DELETE' })).status).toBe(200);
  await second.until(resumed.id, ({ status }) => status === 'running');
  expect((await second.post(`/runs/${resumed.id}/cancel`)).status).toBe(202);
});

test('a log that becomes shorter while a page follows it makes the page begin again', async () => {
  const home = temporaryHome();
  const id = await makeRun(home, 1);
  const sidecar = await startTestSidecar('quick', home);
  const path = join(home, 'runs', id, 'events.jsonl');
  const { lastSeq } = await show(sidecar, id);
  const stop = new AbortController();
  const answer = await fetch(`${sidecar.url}/stream?runs=${id}:${lastSeq}`, { signal: stop.signal });
  writeFileSync(path, status(1, 'queued') + status(2, 'cancelled'));
  await sidecar.workspace.index.reindex();
  // Whoever has more than there is now is told so, whenever it comes.
  const late = await fetch(`${sidecar.url}/stream?runs=${id}:${lastSeq}`, { signal: stop.signal });
  for (const { body } of [late]) {
    let text = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      if (text.includes('"seq":2')) break;
    }
    expect(text).toMatch(new RegExp(`event: restart\\ndata: {"run":"${id}"}\\n\\nevent: event\\ndata: .*"seq":1`));
  }
  stop.abort();
  await answer.body?.cancel().catch(() => undefined);
});

test('two reindexes at once, while a run is at work and others are made, lose nothing', async () => {
  const home = temporaryHome();
  for (let number = 1; number <= 20; number++) await makeRun(home, number);
  const sidecar = await startTestSidecar('steady', home);
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === 'running');
  const pid = sidecar.workspace.supervisor.active();
  const seen: number[] = [];
  let isOver = false;
  const reading = (async () => {
    while (!isOver) seen.push((await list(sidecar)).length);
  })();
  const made: Promise<{ status: number; body: { id: string; number: number } }>[] = [];
  const reindexing = [sidecar.post<ReindexAnswer>('/system/reindex'), sidecar.post<ReindexAnswer>('/system/reindex')];
  for (let k = 0; k < 5; k++) made.push(sidecar.post('/runs', { name: `made ${k}` }));
  const reports = await Promise.all(reindexing);
  expect(reports.map(({ status: code, body }) => [code, body.failed])).toEqual([
    [200, []],
    [200, []],
  ]);
  const created = await Promise.all(made);
  isOver = true;
  await reading;
  expect(created.map((answer) => answer.status)).toEqual(Array(5).fill(201));
  expect(created.map(({ body }) => body.number).sort((a, b) => a - b)).toEqual([22, 23, 24, 25, 26]);
  // Nobody ever saw fewer runs than there are.
  expect(Math.min(...seen)).toBeGreaterThanOrEqual(21);
  expect(await list(sidecar)).toHaveLength(26);
  expect(sidecar.workspace.supervisor.active()).toEqual(pid);
  const before = (await show(sidecar, id)).lastSeq;
  await sidecar.until(id, ({ lastSeq }) => lastSeq > before + 5);
  expect((await sidecar.post(`/runs/${id}/cancel`)).status).toBe(202);
  await sidecar.until(id, ({ status }) => status === 'cancelled');
});

test('a reindex that fails leaves the index as it was', async () => {
  const home = temporaryHome();
  for (let number = 1; number <= 3; number++) await makeRun(home, number);
  const sidecar = await startTestSidecar('quick', home);
  const { file } = sidecar.workspace;
  const exchange = file.exchange.bind(file);
  file.exchange = () => Promise.reject(Object.assign(new Error('no space'), { code: 'SQLITE_FULL' }));
  expect((await sidecar.post('/system/reindex')).status).toBe(507);
  file.exchange = exchange;
  expect(await list(sidecar)).toHaveLength(3);
  expect(readdirSync(sidecar.runs).filter((name) => name.includes('.new'))).toEqual([]);
  expect((await sidecar.post<ReindexAnswer>('/system/reindex')).body.indexed).toHaveLength(3);
});

test('before the index is brought up a run is found, shown as it is, and numbers and keys are right', async () => {
  const home = temporaryHome();
  for (let number = 1; number <= 30; number++) await makeRun(home, number);
  // Opened without waiting for what goes on behind.
  const sidecar = await startTestSidecar('quick', home, {}, {}, { waits: false });
  const [oldest, created, repeated] = await Promise.all([
    sidecar.json<RunDetail>(`/runs/${idOf(1)}`),
    sidecar.post<{ number: number }>('/runs', {}),
    sidecar.post<{ error: { code: string } }>('/runs', {}, { 'idempotency-key': 'key-7' }),
  ]);
  expect([oldest.status, oldest.body.status, oldest.body.lastSeq]).toEqual([200, 'completed', 24]);
  expect([created.status, created.body.number]).toEqual([201, 31]);
  expect(repeated.body.error.code).toBe('key_conflict');
  expect((await sidecar.json(`/runs/${idOf(99)}`)).status).toBe(404);
  await sidecar.workspace.ready;
  expect((await sidecar.json('/health')).body).toMatchObject({
    ok: true,
    index: { state: 'ready', listed: 30, done: 30, total: 30, failed: [] },
  });
});

test('what the folders lost and won meanwhile is followed: folders that are gone, came back, or went to the bin', async () => {
  const home = temporaryHome();
  for (let number = 1; number <= 4; number++) await makeRun(home, number);
  const first = await startTestSidecar('quick', home);
  await first.json(`/runs/${idOf(3)}`, { method: 'DELETE' });
  await first.close();
  const bin = join(home, 'runs', '.bin');
  rmSync(join(home, 'runs', idOf(1)), { recursive: true });
  renameSync(join(home, 'runs', idOf(2)), join(bin, idOf(2)));
  renameSync(join(bin, idOf(3)), join(home, 'runs', idOf(3)));
  const second = await startTestSidecar('quick', home);
  expect((await list(second)).map(({ number }) => number)).toEqual([4, 3]);
  expect(second.warnings.join('\n')).toContain(
    `${idOf(1)} in the runs folder could not be indexed: its folder is gone`,
  );
});

/** What can lie where a file should. */
const strangers: Readonly<Record<string, (path: string) => void>> = {
  'a folder': (path) => mkdirSync(path),
  'a FIFO': (path) => void spawnSync('mkfifo', [path]),
  'a link to itself': (path) => symlinkSync(path, path),
  'a link to a device': (path) => symlinkSync('/dev/zero', path),
  nothing: () => undefined,
};
const files = [
  ...['events.jsonl', 'run.json', 'config.yaml', 'overrides.yaml', 'notebook.md', 'attempt-1.lock', 'control.json'],
  ...['data.json', 'trainer.log'],
];
const besides = [
  'workspace.json',
  'engines.json',
  'notebooks.json',
  'almanac.address.json',
  'almanac.lock',
  'almanac.db',
];

test.each(Object.entries(strangers))(
  '%s in place of any file ends no start, and hides no other run',
  async (_what, put) => {
    const home = temporaryHome();
    for (let number = 1; number <= files.length + 1; number++) await makeRun(home, number);
    const first = await startTestSidecar('quick', home);
    await first.close();
    files.forEach((file, k) => {
      const path = join(home, 'runs', idOf(k + 1), file);
      rmSync(path, { force: true });
      put(path);
    });
    for (const name of besides) {
      rmSync(join(home, 'runs', name), { force: true });
      put(join(home, 'runs', name));
    }
    const second = await startTestSidecar('quick', home);
    const whole = await show(second, idOf(files.length + 1));
    expect(whole).toMatchObject({ status: 'completed', damage: null });
    for (const { id, status: state } of await list(second)) {
      // None is said to be at work, and each is shown and may be deleted.
      expect([id, ['completed', 'interrupted'].includes(state)]).toEqual([id, true]);
      for (const path of ['', '/events', '/metrics', '/logs', '/logs/printed', '/artifacts', '/view'])
        expect([id, path, (await second.json(`/runs/${id}${path}`)).status]).toEqual([id, path, 200]);
      expect([id, (await second.json(`/runs/${id}`, { method: 'DELETE' })).status]).toEqual([id, 200]);
    }
    expect((await second.post<ReindexAnswer>('/system/reindex')).status).toBeLessThan(500);
  },
);

test('lines that are no event are counted in the run, in its list and after a reindex', async () => {
  const home = temporaryHome();
  const id = await makeRun(home, 1);
  writeFileSync(
    join(home, 'runs', id, 'events.jsonl'),
    `${status(1, 'queued')}not json\n${status(3, 'starting')}{"seq":4}\n${status(5, 'completed')}`,
  );
  const sidecar = await startTestSidecar('quick', home);
  const damage = { quarantined: 2, note: null };
  expect(await show(sidecar, id)).toMatchObject({ status: 'completed', lastSeq: 5, damage });
  expect(await list(sidecar)).toMatchObject([{ damage }]);
  await sidecar.post('/system/reindex');
  expect(await show(sidecar, id)).toMatchObject({ status: 'completed', lastSeq: 5, damage });
  const events = (await sidecar.json<{ items: { seq: number }[] }>(`/runs/${id}/events?since=0&limit=10`)).body.items;
  expect(events.map(({ seq }) => seq)).toEqual([1, 3, 5]);
});

test('a socket in place of a file is no file, too', async () => {
  const home = temporaryHome();
  const id = await makeRun(home, 1);
  const path = join(home, 'runs', id, 'events.jsonl');
  rmSync(path);
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((done) => server.listen(path, done));
  const sidecar = await startTestSidecar('quick', home);
  expect(await show(sidecar, id)).toMatchObject({
    status: 'interrupted',
    damage: { note: expect.stringContaining('Its log cannot be read') },
  });
  const socket = connect(path);
  await new Promise((done) => socket.once('connect', done));
  socket.destroy();
  await new Promise((done) => server.close(done));
});
