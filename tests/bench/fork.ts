// Program: fork [--json] [--rows=1000000] [--repeats=3]. Writes a CSV of one-minute bars, starts the sidecar as npm start does,
// trains a run of it with an empty cache and a fork that changes the loss, and measures of both the time from the request to
// the first metric, and what loading, features and samples took.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { sampleMarket } from '#core/bars/sample-market.ts';
import type { CacheContent } from '#core/api/cache-answers.ts';
import type { RunDetail } from '#core/run/summary.ts';
import { minute } from '#core/time/timeframe.ts';
import { startApp } from '#tests/support/app.ts';
import { ratioOf, spreadOf } from './spread.ts';
import { untilEvent } from './until-event.ts';
import { wholeOption } from './whole-option.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '1000000' },
    repeats: { type: 'string', default: '3' },
  },
});
const [rows, repeats] = [wholeOption('rows', values, 1000), wholeOption('repeats', values)];

const home = mkdtempSync(join(tmpdir(), 'almanac-fork-'));
mkdirSync(join(home, 'notebooks'));
const { time, open, high, low, close, volume } = sampleMarket({ seed: 7, bars: rows, step: minute });
const lines = Array.from({ length: rows }, (_, k) => {
  const prices = [open[k], high[k], low[k], close[k]].map((price) => price.toFixed(2));
  return `${new Date(time[k]).toISOString()},${prices.join()},${volume[k].toFixed(3)}`;
});
writeFileSync(join(home, 'notebooks', 'bars.csv'), `time,open,high,low,close,volume\n${lines.join('\n')}\n`);

const app = await startApp({ home, sidecarOnly: true });
async function ask<Answer>(path: string, method = 'GET', body?: object): Promise<Answer> {
  const init = { method, ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) };
  const response = await fetch(app.api + path, init);
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}

interface Start {
  readonly id: string;
  /** Seconds from before the request to the first metric. */
  readonly first: number;
  /** Seconds of loading, features and samples. */
  readonly steps: number;
  readonly reused: boolean;
}

/** Makes a run, waits for its first metric and for what it keeps, and cancels it. */
async function start(path: string, body: object): Promise<Start> {
  const began = performance.now();
  const { id } = await ask<{ id: string }>(path, 'POST', body);
  await untilEvent(app.api, id, 'metric');
  const first = (performance.now() - began) / 1000;
  while ((await ask<CacheContent>('/cache')).entries < 3) await sleep(100);
  const { steps } = await ask<RunDetail>(`/runs/${id}`);
  await ask(`/runs/${id}/cancel`, 'POST', {});
  while ((await ask<RunDetail>(`/runs/${id}`)).status !== 'cancelled') await sleep(50);
  return {
    id,
    first,
    steps: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    reused: steps.every(({ from }) => from !== 'computed'),
  };
}

const parents: Start[] = [];
const forks: Start[] = [];
try {
  for (let repeat = 0; repeat < repeats; repeat++) {
    await ask('/cache', 'DELETE');
    const parent = await start('/runs', { config: { data: { source: 'bars.csv' } } });
    const fork = await start(`/runs/${parent.id}/fork`, { overrides: [`loss.weights.ret=${2 + repeat}`] });
    if (parent.reused || !fork.reused)
      throw new Error('Expected a parent that computes all and a fork that computes nothing.');
    parents.push(parent);
    forks.push(fork);
  }
} finally {
  await app.dispose();
}

const of = (runs: readonly Start[], name: 'first' | 'steps') => runs.map((run) => run[name]);
const result = Object.fromEntries(
  (['first', 'steps'] as const).map((name) => [
    name,
    {
      parent: spreadOf(of(parents, name)),
      fork: spreadOf(of(forks, name)),
      ratio: ratioOf(of(forks, name), of(parents, name)),
    },
  ]),
);
if (values.json) process.stdout.write(`${JSON.stringify({ rows, repeats, ...result })}\n`);
else {
  const what = { first: 'from the request to the first metric', steps: 'loading, features and samples' } as const;
  process.stdout.write(`${rows.toLocaleString('en')} rows, ${repeats} repeats\n`);
  for (const name of ['first', 'steps'] as const) {
    const { parent, fork, ratio } = result[name];
    process.stdout.write(
      `  ${what[name].padEnd(38)} parent ${parent.median.toFixed(2)} s, fork ${fork.median.toFixed(2)} s: ` +
        `${(100 * ratio.median).toFixed(0)} % (${(100 * ratio.min).toFixed(0)} to ${(100 * ratio.max).toFixed(0)} %)\n`,
    );
  }
}
