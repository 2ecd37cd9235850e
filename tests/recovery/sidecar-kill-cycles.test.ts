import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { eventSchema, type RunEvent } from '#core/run/event.ts';
import { type App, startApp } from '#tests/support/app.ts';
import { readStream } from '#tests/support/event-stream.ts';
import { seededRandom } from '#tests/support/kill-cycles.ts';

const cycles = 50;
const config = {
  data: { source: 'sample://market?seed=3&bars=1500&step=1h' },
  features: { timeframes: { '1h': { log_return: {}, rsi: {} } } },
  targets: { horizon: 2, tasks: { ret: { kind: 'return' }, dir: { kind: 'direction' } } },
  model: { lookback: 8, dropout: 0.3 },
  train: { epochs: 640, batch_size: 64, early_stopping: null, engine: 'wasm' },
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

async function until(url: string, states: readonly string[], seconds = 60): Promise<string> {
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

const sha = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');

it(
  `ends like a run that was never stopped after ${cycles} kills of sidecar or trainer`,
  { timeout: 600_000 },
  async () => {
    const seed = Number(process.env['ALMANAC_TEST_SEED'] ?? Date.now() % 1_000_000);
    console.info(`kills are drawn with ALMANAC_TEST_SEED=${seed}`);
    const random = seededRandom(seed);
    let app = (home.app = await startApp({ sidecarOnly: true }));
    const { id } = await post(`${app.api}/runs`, { config });
    const folder = join(app.home, 'runs', id);
    const seen: RunEvent[] = [];
    let over = false;

    /** A subscriber that comes back after every break with the last id it saw, until the run is over. */
    const subscriber = (async () => {
      while (!over) {
        await readStream(
          app.api,
          id,
          seen.at(-1)?.seq ?? 0,
          (event) => seen.push(event),
          AbortSignal.timeout(20_000),
        ).catch(() => undefined);
        await sleep(20);
      }
    })();

    let killed = { sidecar: 0, trainer: 0 };
    await until(`${app.api}/runs/${id}`, ['running']);
    while (killed.sidecar + killed.trainer < cycles) {
      await sleep(random() * 300);
      const { status } = await answer<{ status: string }>(`${app.api}/runs/${id}`);
      expect(['starting', 'running', 'queued']).toContain(status);
      if (random() < 0.5) {
        const before = trainersOf(folder);
        await app.kill();
        await sleep(random() * 200);
        expect(trainersOf(folder), 'a trainer outlives its sidecar').toEqual(before);
        app = home.app = await startApp({ sidecarOnly: true, home: app.home });
        killed = { ...killed, sidecar: killed.sidecar + 1 };
      } else {
        const [pid] = trainersOf(folder);
        if (pid === undefined) continue;
        process.kill(pid, 'SIGKILL');
        await until(`${app.api}/runs/${id}`, ['interrupted']);
        await post(`${app.api}/runs/${id}/resume`);
        await until(`${app.api}/runs/${id}`, ['running']);
        killed = { ...killed, trainer: killed.trainer + 1 };
      }
      expect(trainersOf(folder).length).toBeLessThanOrEqual(1);
    }
    expect(await until(`${app.api}/runs/${id}`, ['completed', 'failed', 'cancelled'], 180)).toBe('completed');
    over = true;
    await subscriber;

    const control = await post(`${app.api}/runs`, { config });
    expect(await until(`${app.api}/runs/${control.id}`, ['completed', 'failed', 'cancelled'], 180)).toBe('completed');

    const written = readFileSync(join(folder, 'events.jsonl'), 'utf8').trimEnd().split('\n');
    const events = written.map((line) => eventSchema.parse(JSON.parse(line)));
    expect(events.map((event) => event.seq)).toEqual(events.map((_, i) => i + 1));
    const tail = await answer<{ lastSeq: number }>(`${app.api}/runs/${id}`);
    expect(tail.lastSeq).toBe(events.length);
    if ((seen.at(-1)?.seq ?? 0) < events.length)
      await readStream(app.api, id, seen.at(-1)?.seq ?? 0, (event) => seen.push(event));
    expect(seen).toEqual(events);

    for (const name of ['best', 'last']) {
      for (const file of ['weights.bin', 'optimizer.bin']) {
        const path = join('checkpoints', name, file);
        expect(sha(join(folder, path)), path).toBe(sha(join(app.home, 'runs', control.id, path)));
      }
    }
    expect(killed.sidecar).toBeGreaterThan(5);
    expect(killed.trainer).toBeGreaterThan(5);
  },
);
