import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import type { DeliveredEvent } from '#core/run/event.ts';
import { isSettled } from '#core/run/state.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { followRun } from '#tests/support/follow-run.ts';
import { seededRandom } from '#core/seeded-random.ts';
import { asDelivered, readEvents, resultDigests } from '#tests/support/run-folder.ts';
import { scale } from '#tests/support/scale.ts';

/** Kills in all; a run that ends before has its twin take the rest, so that no machine is too fast for them. */
const kills = scale(50, 6);
const config = {
  data: { source: 'sample://market?seed=3&bars=1500&step=1h' },
  features: { timeframes: { '1h': { log_return: {}, rsi: {} } } },
  targets: { horizon: 2, tasks: { ret: { kind: 'return' }, dir: { kind: 'direction' } } },
  model: { lookback: 8, dropout: 0.3 },
  train: { epochs: 80, batch_size: 64, early_stopping: null, engine: 'wasm' },
};

const home: { app: App | null } = { app: null };
afterAll(async () => home.app?.dispose());

async function answer<T>(url: string, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init);
  const body = await response.json();
  if (!response.ok)
    throw new Error(`${init?.method ?? 'GET'} ${url} answered ${response.status}: ${JSON.stringify(body)}`);
  return body as T;
}

const post = (url: string, body: unknown = {}) =>
  answer<{ id: string; status: string }>(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

async function until(url: string, states: readonly string[], seconds = 300): Promise<string> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(40)) {
    const { status, reason } = await answer<{ status: string; reason: string | null }>(url);
    if (states.includes(status)) return status;
    if (Date.now() > end)
      throw new Error(`still ${status} (${reason}) after ${seconds} s, expected ${states.join(' or ')}`);
  }
}

const trainersOf = (folder: string): readonly number[] =>
  spawnSync('pgrep', ['-f', `process/main.ts --run ${folder}`], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter(Boolean)
    .map(Number);

/** Whether the log ends with the last word of a run; the killed writer may have left half a line. */
function hasEnded(folder: string): boolean {
  const lines = readFileSync(join(folder, 'events.jsonl'), 'utf8').split('\n').slice(0, -1);
  return /"type":"status","state":"(completed|failed|cancelled)"/.test(lines.at(-1) ?? '');
}

interface Kills {
  readonly random: () => number;
  sidecar: number;
  trainer: number;
}

const sum = ({ sidecar, trainer }: Kills): number => sidecar + trainer;

/** The sidecar dies and is started again; the trainer goes on meanwhile, unless it has come to its end. */
async function killSidecar(app: App, folder: string, killed: Kills): Promise<App> {
  const before = trainersOf(folder);
  await app.kill();
  await sleep(killed.random() * 200);
  const after = trainersOf(folder);
  if (!hasEnded(folder)) expect(after, 'a trainer outlives its sidecar').toEqual(expect.arrayContaining([...before]));
  killed.sidecar++;
  return (home.app = await startApp({ sidecarOnly: true, home: app.home }));
}

/** The trainer dies and the run is resumed; false where there was none, or it was done before it was hit. */
async function killTrainer(app: App, id: string, killed: Kills): Promise<boolean> {
  const [pid] = trainersOf(join(app.home, 'runs', id));
  if (pid === undefined) return false;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
  if ((await until(`${app.api}/runs/${id}`, ['interrupted', 'completed'])) === 'completed') return false;
  killed.trainer++;
  await post(`${app.api}/runs/${id}/resume`);
  await until(`${app.api}/runs/${id}`, ['running', 'completed']);
  return true;
}

/** A run under kills at random moments until there were enough or it has completed; then what it left is looked at. */
async function runUnderKills(killed: Kills, expected: Readonly<Record<string, string>>): Promise<void> {
  let app = home.app ?? (await startApp({ sidecarOnly: true }));
  const { id } = await post(`${app.api}/runs`, { config });
  const folder = join(app.home, 'runs', id);
  const seen: DeliveredEvent[] = [];
  let over = false;
  const hasSeenEnd = () => seen.some((event) => event.type === 'status' && isSettled(event.state));
  /** A subscriber that comes back after every break with the last id it saw, until the run is over. */
  const subscriber = (async () => {
    while (!over && !hasSeenEnd()) {
      const from = seen.at(-1)?.seq ?? 0;
      await followRun(app.api, id, from, (event) => seen.push(event), AbortSignal.timeout(20_000)).catch(() => {});
      await sleep(20);
    }
  })();

  await until(`${app.api}/runs/${id}`, ['running', 'completed']);
  while (sum(killed) < kills) {
    await sleep(killed.random() * 300);
    const { status } = await answer<{ status: string }>(`${app.api}/runs/${id}`);
    if (status === 'completed') break;
    expect(['starting', 'running', 'queued']).toContain(status);
    // Whichever was hit less is the likelier one.
    if (killed.random() < 0.5 + (killed.trainer - killed.sidecar) / 6) app = await killSidecar(app, folder, killed);
    else await killTrainer(app, id, killed);
    expect(trainersOf(folder).length).toBeLessThanOrEqual(1);
  }
  expect(await until(`${app.api}/runs/${id}`, ['completed', 'failed', 'cancelled'])).toBe('completed');
  over = true;
  await subscriber;

  const events = readEvents(folder);
  expect((await answer<{ lastSeq: number }>(`${app.api}/runs/${id}`)).lastSeq).toBe(events.length);
  const last = seen.at(-1)?.seq ?? 0;
  if (last < events.length) await followRun(app.api, id, last, (event) => seen.push(event));
  expect(seen).toEqual(events.map(asDelivered));
  expect(resultDigests(folder)).toEqual(expected);
}

it(
  `a run ends as if it was never stopped after ${kills} kills of sidecar or trainer`,
  { timeout: 1_800_000 },
  async () => {
    const seed = Number(process.env['ALMANAC_TEST_SEED'] ?? Date.now() % 1_000_000);
    console.info(`kills are drawn with ALMANAC_TEST_SEED=${seed}`);
    const app = (home.app = await startApp({ sidecarOnly: true }));
    const control = await post(`${app.api}/runs`, { config });
    expect(await until(`${app.api}/runs/${control.id}`, ['completed', 'failed', 'cancelled'])).toBe('completed');
    const expected = resultDigests(join(app.home, 'runs', control.id));
    const killed: Kills = { random: seededRandom(seed), sidecar: 0, trainer: 0 };
    let runs = 0;
    for (; sum(killed) < kills; runs++) await runUnderKills(killed, expected);
    console.info(`${killed.sidecar} kills of the sidecar and ${killed.trainer} of the trainer in ${runs} runs`);
    expect(Math.min(killed.sidecar, killed.trainer)).toBeGreaterThan(kills / 4);
  },
);
