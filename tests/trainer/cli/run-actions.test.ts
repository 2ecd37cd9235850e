import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { until } from '#tests/support/until.ts';

async function startRun(script: 'steady' | 'quick') {
  const sidecar = await startTestSidecar(script);
  const { id } = (await sidecar.post<{ id: string }>('/runs', {})).body;
  await sidecar.until(id, ({ status }) => status === (script === 'quick' ? 'completed' : 'running'));
  const env = { ALMANAC_HOME: sidecar.home };
  return { sidecar, id, env, almanac: (...words: readonly string[]) => commandLine(env, words) };
}

test('a run is paused, resumed and cancelled by R1 as by 1 and by its id', async () => {
  const { id, almanac } = await startRun('steady');
  expect(await almanac('pause', 'R1')).toEqual({ code: 0, out: `${id} paused\n`, notes: '' });
  expect(await almanac('pause', '1')).toMatchObject({ code: 1, out: '' });
  expect(await almanac('resume', '1')).toEqual({ code: 0, out: `${id} running\n`, notes: '' });
  const cancelled = await almanac('cancel', id, '--json');
  expect(JSON.parse(cancelled.out)).toMatchObject({ id, status: 'cancelled' });
});

test('rm moves what has ended to the bin, and says of the rest why not', async () => {
  const { sidecar, id, almanac } = await startRun('quick');
  const removed = await almanac('rm', 'R1', 'R7');
  expect(removed).toEqual({
    code: 1,
    out: `${id} is in the bin\n`,
    notes: 'almanac: R7: There is no run R7; almanac ls lists those there are.\n',
  });
  expect(existsSync(join(sidecar.runs, '.bin', id))).toBe(true);
  expect(JSON.parse((await almanac('ls', '--json')).out)).toEqual([]);
  expect(await almanac('show', '1')).toMatchObject({ code: 1 });
});

test('ls takes the newest, those of a state or of a notebook, and fits the terminal', async () => {
  const { sidecar, env, almanac } = await startRun('quick');
  writeFileSync(
    join(sidecar.home, 'notebooks', 'mine.md'),
    `---\ntitle: ${'Long '.repeat(20)}\n---\n~~~yaml train\n~~~\n`,
  );
  const { id } = (await sidecar.post<{ id: string }>('/runs', { notebook: 'mine' })).body;
  await sidecar.until(id, ({ status }) => status === 'completed');
  const numbers = async (...words: readonly string[]) =>
    (JSON.parse((await almanac('ls', '--json', ...words)).out) as RunSummary[]).map(({ number }) => number);
  expect(await numbers()).toEqual([2, 1]);
  expect(await numbers('-n', '1')).toEqual([2]);
  expect(await numbers('--status', 'running,paused')).toEqual([]);
  expect(await numbers('--notebook', 'mine', '--status=completed')).toEqual([2]);
  const { out } = await commandLine(env, ['ls'], 60);
  expect(out).toMatch(/^RUN +STATUS +NAME +CREATED/);
  expect(out).toMatch(/R2 +completed +Long .*…/);
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  // Without a sidecar the index answers the same.
  await sidecar.close();
  expect(await numbers('--notebook', 'mine', '--status=completed')).toEqual([2]);
});

test('ls with a filter, an order, columns or groups is a table of the runs that are found', async () => {
  const { sidecar, env, almanac, id } = await startRun('quick');
  const { id: fork } = (await sidecar.post<{ id: string }>(`/runs/${id}/fork`, { overrides: ['train.seed=2'] })).body;
  await sidecar.until(fork, ({ status }) => status === 'completed');
  const found = async (...words: readonly string[]) =>
    JSON.parse((await almanac('ls', '--json', ...words)).out) as { number: number; cells: Record<string, unknown> }[];
  expect(await found('--filter', 'train.seed = 2', '--columns', 'train.seed,parent')).toMatchObject([
    { number: 2, cells: { 'train.seed': 2, parent: 1 } },
  ]);
  const ordered = await found('--sort', '-train.seed', '--status', 'completed');
  expect(ordered.map(({ number }) => number)).toEqual([2, 1]);
  expect(await found('--group', 'setup', '--columns', 'train.seed')).toMatchObject([
    { n: 2, cells: { 'train.seed': { spread: { mean: 1.5, n: 2 } } } },
  ]);
  const { out } = await commandLine(env, ['ls', '--sort', 'train.seed', '--columns', 'train.seed,state'], 60);
  expect(out).toMatch(/^RUN +NAME +TRAIN\.SEED +STATE\nR1 .* 1 +completed\nR2 .* 2 +completed\n$/);
  expect(await almanac('ls', '--filter', 'train.sed = 2')).toMatchObject({
    code: 2,
    notes: expect.stringContaining('filter, at 1: There is no column train.sed. Did you mean train.seed'),
  });
  // Without a sidecar the index answers the same.
  await sidecar.close();
  expect(await found('--filter', 'parent is none')).toMatchObject([{ number: 1 }]);
});

test('show is a summary in a terminal, and JSON in a pipe or where it is asked for', async () => {
  const { id, env, almanac } = await startRun('quick');
  const piped = await almanac('show', '1');
  expect(JSON.parse(piped.out) as RunDetail).toMatchObject({ id, number: 1 });
  const { out } = await commandLine(env, ['show', '1'], 100);
  expect(out).toMatch(/^R1 {2}/);
  expect(out).toMatch(/status +completed/);
  expect(out).toContain(id);
  expect((await commandLine(env, ['show', '1', '--json'], 100)).out).toBe(piped.out);
});

test('note adds what was learned, replaces it where told, and show says it', async () => {
  const { env, almanac } = await startRun('quick');
  expect(await almanac('note', 'R1')).toMatchObject({ code: 0, out: '', notes: 'R1 has no conclusion yet.\n' });
  expect((await almanac('note', 'R1', 'First.', '--star')).out).toBe('First.\n');
  expect((await almanac('note', '1', 'Second.')).out).toBe('First.\n\nSecond.\n');
  const { out } = await commandLine(env, ['show', '1'], 100);
  expect(out).toMatch(/marked +starred\n/);
  expect(out).toContain('  learned\n    First.\n\n    Second.\n');
  const changed = await almanac('note', 'R1', 'Third.', '--replace', '--no-star', '--archive', '--json');
  expect(JSON.parse(changed.out)).toMatchObject({ conclusion: 'Third.', starred: false, archived: true });
  expect(await almanac('note', 'R1', '', '--replace')).toMatchObject({ code: 0, out: '' });
});

test('logs prints lines from a level on, and -f ends with the run', async () => {
  const { sidecar, id, almanac } = await startRun('steady');
  const log = join(sidecar.runs, id, 'events.jsonl');
  const say = (level: string, message: string) => {
    // As the trainer itself: between two of its lines.
    const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
    return JSON.stringify({
      seq: lines.length + 1,
      at: '2026-11-30T09:00:00.000Z',
      attempt: 1,
      type: 'log',
      level,
      message,
    });
  };
  await almanac('cancel', '1');
  await sidecar.close();
  const ended = readFileSync(log, 'utf8').trimEnd().split('\n');
  const last = JSON.parse(ended.pop() ?? '') as { seq: number };
  writeFileSync(log, `${ended.join('\n')}\n`);
  for (const [level, message] of [
    ['info', 'reads data'],
    ['warn', 'a \u001b[2J gap'],
  ] as const) {
    writeFileSync(log, `${say(level, message)}\n`, { flag: 'a' });
  }
  writeFileSync(log, `${JSON.stringify({ ...last, seq: last.seq + 2 })}\n`, { flag: 'a' });
  await almanac('reindex');
  expect((await almanac('logs', '1', '--level', 'warn')).out).toBe('2026-11-30T09:00:00.000Z warn  a \\u001b[2J gap\n');
  const json = (await almanac('logs', 'R1', '--json')).out.trimEnd().split('\n');
  expect(json.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
    'reads data',
    'a \u001b[2J gap',
  ]);
  expect(await almanac('logs', '1', '-f')).toMatchObject({
    code: 0,
    out: expect.stringContaining('info  reads data\n'),
  });
});

test('open gives the address to a browser, and says how to start the app where none answers', async () => {
  const { sidecar, id } = await startRun('quick');
  const page = createServer((_, response) => response.end());
  await new Promise<void>((done) => page.listen(0, '127.0.0.1', done));
  onTestFinished(() => void page.close());
  const address = page.address();
  const port = typeof address === 'object' && address !== null ? String(address.port) : '';
  const env = { ALMANAC_HOME: sidecar.home, PORT: port };
  const url = `http://127.0.0.1:${port}/runs/${id}`;
  expect(await commandLine(env, ['open', '1', '--print'])).toEqual({ code: 0, out: `${url}\n`, notes: '' });
  expect(JSON.parse((await commandLine(env, ['open', '--json'])).out)).toEqual({ url: `http://127.0.0.1:${port}/` });
  const none = await commandLine({ ALMANAC_HOME: temporaryHome(), PORT: port }, ['open', '1']);
  expect(none).toMatchObject({ code: 1, out: '', notes: expect.stringContaining('Start it first: npm start') });
  if (process.platform !== 'linux') return;
  const folder = temporaryFolder();
  mkdirSync(folder, { recursive: true });
  const browser = join(folder, 'xdg-open');
  writeFileSync(browser, `#!/bin/sh\nprintf %s "$1" > ${join(folder, 'opened')}\n`);
  chmodSync(browser, 0o755);
  const path = process.env['PATH'];
  onTestFinished(() => void (process.env['PATH'] = path));
  process.env['PATH'] = `${folder}${delimiter}${path}`;
  expect(await commandLine(env, ['open', 'R1'])).toEqual({ code: 0, out: `${url}\n`, notes: '' });
  await until(
    () => existsSync(join(folder, 'opened')),
    () => 'no browser was started',
  );
  expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe(url);
});
