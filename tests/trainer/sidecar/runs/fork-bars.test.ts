import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunBars } from '#core/api/run-bars.ts';
import type { CacheContent } from '#core/api/cache-answers.ts';
import { sampleMarket } from '#core/bars/sample-market.ts';
import { hour } from '#core/time/timeframe.ts';
import { commandLine } from '#tests/support/command-line.ts';
import { startTestSidecar, temporaryHome } from '#tests/support/sidecar.ts';
import { sweepBars } from '#trainer/sidecar/runs/sweep-bars.ts';

function csv(bars: number): string {
  const { time, open, high, low, close, volume } = sampleMarket({ seed: 5, bars, step: hour });
  return [...time]
    .map((ms, k) => [new Date(ms).toISOString(), open[k], high[k], low[k], close[k], volume[k]].join())
    .join('\n');
}

const config = {
  data: { source: 'bars.csv' },
  features: { timeframes: { '1h': { log_return: {}, rsi: {} } } },
  model: { lookback: 8 },
  train: { epochs: 1, engine: 'wasm' },
};

/** Names and bytes of all files of a folder, as one hash. */
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const path of files.map(({ parentPath, name }) => join(parentPath, name)).sort()) {
    hash.update(`${path}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

it('a fork is trained on the bars of its parent, whatever became of the file, and the parent stays as it was', async () => {
  const home = temporaryHome();
  const path = join(home, 'notebooks', 'bars.csv');
  writeFileSync(path, csv(1200));
  const sidecar = await startTestSidecar('real', home);
  const made = async (to: string, body: object) => {
    const { status, body: answer } = await sidecar.post(to, body);
    expect(answer).toMatchObject({ id: expect.any(String) });
    expect(status).toBe(201);
    return sidecar.until((answer as { id: string }).id, (run) => run.status === 'completed' || run.status === 'failed');
  };
  const from = ({ steps }: { steps: readonly { from: string }[] }) => steps.map((step) => step.from);

  const parent = await made('/runs', { config });
  expect([parent.status, from(parent)]).toEqual(['completed', ['computed', 'computed', 'computed']]);
  expect(parent.bars).toMatchObject({ from: 'file', kept: true });
  const folder = join(sidecar.runs, parent.id);
  const before = hashOf(folder);
  const bars = async () => (await sidecar.json<RunBars>(`/runs/${parent.id}/bars`)).body;
  expect(await bars()).toMatchObject({ kept: { bars: 1200 }, today: { state: 'same', bars: 1200, more: 0 } });

  writeFileSync(path, csv(1300));
  expect((await bars()).today).toMatchObject({ state: 'changed', more: 100 });

  rmSync(path);
  expect((await bars()).today).toMatchObject({ state: 'unreadable', reason: expect.stringContaining('bars.csv') });
  // Without a change it is the same run, to the last bit.
  const child = await made(`/runs/${parent.id}/fork`, {});
  expect([child.status, from(child)]).toEqual(['completed', ['kept', 'cache', 'cache']]);
  expect(child.bars).toEqual({ from: 'parent', readAt: parent.bars?.readAt, kept: true });
  expect(child.evaluation).toEqual(parent.evaluation);
  const read = (id: string) => readFileSync(join(sidecar.runs, id, 'predictions.csv'), 'utf8');
  expect(read(child.id)).toBe(read(parent.id));

  const refused = async (body: object) => (await sidecar.post(`/runs/${parent.id}/fork`, body)).body;
  expect(await refused({ bars: 'today' })).toMatchObject({ error: { code: 'data_not_found' } });
  const overrides = ['data.gaps.policy=ignore'];
  expect(await refused({ overrides })).toMatchObject({ error: { code: 'data_not_found' } });
  expect(await refused({ overrides, bars: 'parent' })).toMatchObject({ error: { code: 'state_conflict' } });
  expect(hashOf(folder)).toBe(before);

  const { body: weight } = await sidecar.json<CacheContent>('/cache');
  expect(weight.entries).toBe(3);
  const env = { ALMANAC_HOME: home };
  expect(await commandLine(env, ['cache'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^\d+ results, .+ of 8/),
  });
  expect(await commandLine(env, ['cache', '--clear'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/removed/),
  });
  expect((await sidecar.json<CacheContent>('/cache')).body).toMatchObject({ entries: 0, bytes: 0 });
});

it('kept bars stay while a run names them, one in the bin too, and go with the last', async () => {
  const runs = temporaryHome();
  const id = (digit: string) => digit.repeat(64);
  const write = (name: string, text: string) => {
    const path = join(runs, name);
    writeFileSync(path, text);
    return path;
  };
  for (const folder of [
    '.bars',
    '01m8nr2yrkfq9rq2vy28cf',
    '.bin/01m8nr2yrkfq9rq2vy28cg',
    '.bin/01m8nr2yrkfq9rq2vy28ch',
  ]) {
    mkdirSync(join(runs, folder), { recursive: true });
  }
  const long = new Date(Date.now() - 86_400_000);
  for (const digit of ['a', 'b', 'c', 'd']) utimesSync(write(`.bars/${id(digit)}`, 'bars'), long, long);
  write('01m8nr2yrkfq9rq2vy28cf/data.json', JSON.stringify({ bars: { content: id('a') } }, null, 2));
  write('.bin/01m8nr2yrkfq9rq2vy28cg/run.json', JSON.stringify({ bars: { content: id('b') } }));
  write('.bin/01m8nr2yrkfq9rq2vy28ch/data.json', JSON.stringify({ bars: { content: id('c') } }));
  expect(await sweepBars(runs)).toBe(4);
  expect(readdirSync(join(runs, '.bars')).sort()).toEqual([id('a'), id('b'), id('c')]);
  rmSync(join(runs, '.bin/01m8nr2yrkfq9rq2vy28ch'), { recursive: true });
  expect(await sweepBars(runs)).toBe(4);
  expect(readdirSync(join(runs, '.bars')).sort()).toEqual([id('a'), id('b')]);
});
