import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import type { RunEvent } from '#core/run/event.ts';
import { diesAt } from '#tests/support/die-at.ts';
import { isEnd, readStream } from '#tests/support/read-stream.ts';
import { startTestSidecar, type TestSidecar } from '#tests/support/sidecar.ts';
import { createLocalLauncher } from '#trainer/sidecar/runs/launcher.ts';

const small = ['data.source=sample://market?seed=3&bars=3000&step=1h', 'model.lookback=16', 'train.batch_size=64'];
/** It lasts until it is told to stop. */
const endless = ['train.epochs=10000', 'train.early_stopping=null'];

interface Created {
  readonly id: string;
}
interface Artifact {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly kind: string;
}
interface Metrics {
  readonly series: Readonly<Record<string, { readonly step: number[]; readonly value: (number | string)[] }>>;
}

function readLog(sidecar: TestSidecar, id: string): readonly RunEvent[] {
  const lines = readFileSync(join(sidecar.runs, id, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

test('a real run: the stream equals the log, the metrics equal both, and what is downloaded is what is listed', async () => {
  const sidecar = await startTestSidecar('real');
  const { body: run } = await sidecar.post<Created>('/runs', { overrides: [...small, 'train.epochs=2'] });
  const frames = await readStream(`${sidecar.url}/runs/${run.id}/stream`, isEnd);
  expect(JSON.parse(frames.at(-1)?.data ?? '')).toMatchObject({ state: 'completed' });

  const lines = readFileSync(join(sidecar.runs, run.id, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(frames.map(({ data }) => data)).toEqual(lines);
  expect(frames.map(({ id }) => Number(id))).toEqual(lines.map((_, index) => index + 1));
  const events = lines.map((line) => JSON.parse(line) as RunEvent);
  expect(frames.map(({ event }) => event)).toEqual(events.map(({ type }) => type));
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set(['status', 'progress', 'metric', 'log', 'checkpoint', 'system', 'result']),
  );

  const { body: metrics } = await sidecar.json<Metrics>(`/runs/${run.id}/metrics`);
  const logged = new Map<string, number | string>();
  for (const event of events) {
    if (event.type !== 'metric') continue;
    for (const [key, value] of Object.entries(event.values)) logged.set(`${key} ${event.step}`, value);
  }
  const answered = Object.entries(metrics.series).flatMap(([key, { step, value }]) =>
    step.map((at, index) => [`${key} ${at}`, value[index]] as const),
  );
  expect(Object.fromEntries(answered)).toEqual(Object.fromEntries(logged));

  const csv = await (await fetch(`${sidecar.url}/runs/${run.id}/metrics`, { headers: { accept: 'text/csv' } })).text();
  const file = readFileSync(join(sidecar.runs, run.id, 'metrics.csv'), 'utf8');
  expect(csv.trimEnd().split('\n').sort()).toEqual(file.trimEnd().split('\n').sort());

  const { body: artifacts } = await sidecar.json<Artifact[]>(`/runs/${run.id}/artifacts`);
  const paths = artifacts.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['predictions.csv', 'predictions-test.csv', 'checkpoints/best/model.json', 'events.jsonl']),
  );
  expect(paths.filter((path) => /control|\.lock|\.tmp|\.old/.test(path))).toEqual([]);
  for (const { path, bytes, sha256 } of artifacts) {
    const response = await fetch(`${sidecar.url}/runs/${run.id}/artifacts/${path}`);
    const body = Buffer.from(await response.arrayBuffer());
    expect([path, body.length, createHash('sha256').update(body).digest('hex')]).toEqual([path, bytes, sha256]);
  }

  const zip = await fetch(`${sidecar.url}/runs/${run.id}/artifacts/checkpoints/best?archive=zip`);
  const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
  const best = artifacts.filter(({ path }) => path.startsWith('checkpoints/best/'));
  expect(Object.keys(files).sort()).toEqual(best.map(({ path }) => path.slice('checkpoints/'.length)).sort());
  for (const { path, sha256 } of best) {
    expect(createHash('sha256').update(files[path.slice('checkpoints/'.length)]).digest('hex')).toBe(sha256);
  }
  expect(sidecar.warnings).toEqual([]);
});

test('a real run pauses, saves a checkpoint on request, goes on, and is stopped', async () => {
  const sidecar = await startTestSidecar('real');
  const { body: run } = await sidecar.post<Created>('/runs', { overrides: [...small, ...endless] });
  await sidecar.until(run.id, ({ progress }) => (progress?.epoch ?? 0) >= 1);
  await sidecar.post(`/runs/${run.id}/pause`);
  const paused = await sidecar.until(run.id, ({ status }) => status === 'paused');
  expect((await sidecar.post(`/runs/${run.id}/checkpoint`, { name: 'by-hand' })).status).toBe(202);
  await sidecar.post(`/runs/${run.id}/resume`);
  await sidecar.until(run.id, ({ progress }) => (progress?.step ?? 0) > (paused.progress?.step ?? 0));
  await sidecar.post(`/runs/${run.id}/cancel`);
  await sidecar.until(run.id, ({ status }) => status === 'cancelled');
  const states = readLog(sidecar, run.id).flatMap((event) => (event.type === 'status' ? [event.state] : []));
  expect(states).toEqual(['queued', 'starting', 'running', 'paused', 'running', 'cancelled']);
  const { body: artifacts } = await sidecar.json<Artifact[]>(`/runs/${run.id}/artifacts`);
  expect(artifacts.map(({ path }) => path)).toContain('checkpoints/by-hand/model.json');
});

test('a real run survives its trainer being killed, and completes', async () => {
  const launcher = createLocalLauncher(() => diesAt('"name":"last"', 2));
  const sidecar = await startTestSidecar('real', undefined, {}, { launcher });
  const { body: run } = await sidecar.post<Created>('/runs', { overrides: [...small, 'train.epochs=4'] });
  const lost = await sidecar.until(run.id, ({ status }) => status === 'interrupted');
  expect(lost.reason).toContain('SIGKILL');
  await sidecar.post(`/runs/${run.id}/resume`);
  const done = await sidecar.until(run.id, ({ status }) => status === 'completed' || status === 'failed');
  expect([done.status, done.attempt]).toEqual(['completed', 2]);
  const events = readLog(sidecar, run.id);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
});

test('what cannot be trained fails with its reason and keeps nothing running', async () => {
  const sidecar = await startTestSidecar('real');
  const { status, body: run } = await sidecar.post<Created>('/runs', {
    overrides: ['data.source=sample://market?seed=1&bars=200&step=1h', 'model.lookback=128'],
  });
  expect(status).toBe(201);
  const failed = await sidecar.until(run.id, ({ status }) => status === 'failed' || status === 'completed');
  expect(failed.status).toBe('failed');
  expect(failed.reason).toMatch(/lookback|samples|bars/);
  // The run says how it ended a moment before its process does.
  await expect.poll(() => sidecar.workspace.supervisor.active()).toEqual([]);
});
