import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { RunSummary } from '#core/run/summary.ts';
import { startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';
import { createLocalLauncher, type Launcher } from '#trainer/sidecar/runs/launcher.ts';

interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

async function create(sidecar: TestSidecar, body: object = {}): Promise<string> {
  const { status, body: run } = await sidecar.post<{ id: string }>('/runs', body);
  expect(status).toBe(201);
  return run.id;
}

function readLog(sidecar: TestSidecar, id: string) {
  const lines = readFileSync(join(sidecar.runs, id, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as { seq: number; attempt: number; type: string; state?: string });
}

function states(sidecar: TestSidecar, id: string): readonly (string | undefined)[] {
  return readLog(sidecar, id)
    .filter(({ type }) => type === 'status')
    .map(({ state }) => state);
}

function expectGapless(sidecar: TestSidecar, id: string): void {
  const seqs = readLog(sidecar, id).map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
}

test('a run goes from queued to completed and its log has no gap', async () => {
  const sidecar = await startTestSidecar('quick');
  const id = await create(sidecar);
  const run = await sidecar.until(id, ({ status }) => status === 'completed');
  expect(states(sidecar, id)).toEqual(['queued', 'starting', 'running', 'completed']);
  expectGapless(sidecar, id);
  expect(run.lastSeq).toBe(readLog(sidecar, id).length);
  expect(run.metrics.latest).toEqual({ 'train.loss': 0.05 });
  expect(run.engine).toEqual({ name: 'scripted', device: 'none' });
});

test('of two runs for one device the second waits and then starts', async () => {
  const sidecar = await startTestSidecar('steady');
  const first = await create(sidecar);
  const second = await create(sidecar);
  await sidecar.until(first, ({ status }) => status === 'running');
  const waiting = (await sidecar.json<RunSummary>(`/runs/${second}`)).body;
  expect([waiting.status, waiting.queuePosition]).toEqual(['queued', 1]);
  await sidecar.post(`/runs/${first}/cancel`);
  await sidecar.until(second, ({ status }) => status === 'running');
  expect((await sidecar.json<RunSummary>(`/runs/${first}`)).body.status).toBe('cancelled');
});

test('a queued run is cancelled without ever having had a process', async () => {
  const sidecar = await startTestSidecar('steady');
  await create(sidecar);
  const id = await create(sidecar);
  const { status, body } = await sidecar.post<RunSummary>(`/runs/${id}/cancel`);
  expect([status, body.status]).toEqual([202, 'cancelled']);
  expect(states(sidecar, id)).toEqual(['queued', 'cancelled']);
});

test('a running run pauses, resumes and stops, and says 409 to what its state forbids', async () => {
  const sidecar = await startTestSidecar('steady');
  const id = await create(sidecar);
  await sidecar.until(id, ({ status }) => status === 'running');
  expect((await sidecar.post<Refusal>(`/runs/${id}/resume`)).status).toBe(409);
  await sidecar.post(`/runs/${id}/pause`);
  await sidecar.until(id, ({ status }) => status === 'paused');
  expect((await sidecar.post<Refusal>(`/runs/${id}/pause`)).status).toBe(409);
  await sidecar.post(`/runs/${id}/resume`);
  await sidecar.until(id, ({ status }) => status === 'running');
  await sidecar.post(`/runs/${id}/cancel`);
  await sidecar.until(id, ({ status }) => status === 'cancelled');
  for (const action of ['cancel', 'pause', 'checkpoint']) {
    const { status, body } = await sidecar.post<Refusal>(`/runs/${id}/${action}`);
    expect([action, status, body.error.code]).toEqual([action, 409, 'state_conflict']);
    expect(body.error.message).toContain('it can only be resumed');
  }
  expect(states(sidecar, id)).toEqual(['queued', 'starting', 'running', 'paused', 'running', 'cancelled']);
});

test('a trainer that answers to nothing is killed, and the run is cancelled as it was asked to be', async () => {
  const sidecar = await startTestSidecar('deaf');
  const id = await create(sidecar);
  await sidecar.until(id, ({ status }) => status === 'running');
  await sidecar.post(`/runs/${id}/cancel`);
  const run = await sidecar.until(id, ({ status }) => status === 'cancelled');
  expect(run.reason).toMatch(/^Cancelled; the trainer was ended by SIGKILL without a last word/);
  expect(findTrainer(join(sidecar.runs, id), 1)).toBeNull();
});

test('a trainer that is killed unasked leaves the guess that memory ran out, and what to do', async () => {
  const sidecar = await startTestSidecar('steady');
  const id = await create(sidecar);
  await sidecar.until(id, ({ status }) => status === 'running');
  process.kill(findTrainer(join(sidecar.runs, id), 1)?.pid ?? 0, 'SIGKILL');
  const run = await sidecar.until(id, ({ status }) => status === 'interrupted');
  expect(run.reason).toMatch(
    /^The trainer was killed \(SIGKILL\), probably by the system for want of memory\. Resume it/,
  );
  expectGapless(sidecar, id);
});

test('a trainer that ends in the middle of a line leaves an interrupted run with a clean log, and it resumes', async () => {
  const sidecar = await startTestSidecar('crash');
  const id = await create(sidecar);
  const run = await sidecar.until(id, ({ status }) => status === 'interrupted');
  expect(run.reason).toContain('exit code 134');
  expectGapless(sidecar, id);
  await sidecar.post(`/runs/${id}/resume`);
  await sidecar.until(id, ({ status, attempt }) => status === 'interrupted' && attempt === 2);
  expectGapless(sidecar, id);
  expect(states(sidecar, id)).toEqual([
    ...['queued', 'starting', 'running', 'interrupted'],
    ...['queued', 'starting', 'running', 'interrupted'],
  ]);
});

test('a sidecar that starts again adopts the living trainer: same process, no event lost or doubled', async () => {
  const home = temporaryHome();
  const first = await startTestSidecar('steady', home);
  const id = await create(first);
  await first.until(id, ({ status }) => status === 'running');
  const before = findTrainer(join(first.runs, id), 1);
  await first.close();
  // It goes on without a sidecar.
  const written = () => readFileSync(join(first.runs, id, 'events.jsonl'), 'utf8').length;
  const sofar = written();
  await expect.poll(written).toBeGreaterThan(sofar + 1000);
  const second = await startTestSidecar('steady', home);
  expect(second.workspace.supervisor.active()).toEqual([id]);
  expect(findTrainer(join(second.runs, id), 1)).toEqual(before);
  expect(states(second, id)).toEqual(['queued', 'starting', 'running']);
  await second.post(`/runs/${id}/cancel`);
  await second.until(id, ({ status }) => status === 'cancelled');
  expectGapless(second, id);
  const { body } = await second.json<{ lines: unknown[] }>(`/runs/${id}/logs`);
  expect(body.lines).toEqual([]);
});

test('a run whose trainer is gone when the sidecar starts is interrupted, and a stranger with its pid is left alone', async () => {
  const home = temporaryHome();
  const first = await startTestSidecar('steady', home);
  const id = await create(first);
  await first.until(id, ({ status }) => status === 'running');
  const trainer = findTrainer(join(first.runs, id), 1);
  await first.workspace.db
    .updateTable('runs')
    .set({
      process: JSON.stringify({ attempt: 1, nonce: 'x', identity: { pid: process.pid, startTicks: 1, bootId: 'x' } }),
    })
    .where('id', '=', id)
    .execute();
  await first.close();
  process.kill(trainer?.pid ?? 0, 'SIGKILL');
  await expect.poll(() => findTrainer(join(first.runs, id), 1)).toBeNull();
  appendFileSync(join(first.runs, id, 'events.jsonl'), '{"seq":');
  const second = await startTestSidecar('steady', home);
  const run = await second.until(id, ({ status }) => status === 'interrupted');
  expect(run.reason).toContain('gone');
  expectGapless(second, id);
});

test('a run that completes while the sidecar starts keeps its last word', async () => {
  const home = temporaryHome();
  const first = await startTestSidecar('steady', home);
  const id = await create(first);
  await first.until(id, ({ status }) => status === 'running');
  const trainer = findTrainer(join(first.runs, id), 1);
  await first.close();
  process.kill(trainer?.pid ?? 0, 'SIGKILL');
  await expect.poll(() => findTrainer(join(first.runs, id), 1)).toBeNull();
  const log = join(first.runs, id, 'events.jsonl');
  const local = createLocalLauncher(() => ({}));
  let asked = 0;
  const launcher: Launcher = {
    ...local,
    // The last moment at which it can still write: its log has been read, and it is about to be looked for.
    isAlive(identity) {
      const seq = readLog(first, id).length + 1;
      const completed = { seq, at: new Date().toISOString(), attempt: 1, type: 'status', state: 'completed' };
      if (asked++ === 0) appendFileSync(log, `${JSON.stringify(completed)}\n`);
      return local.isAlive(identity);
    },
  };
  const second = await startTestSidecar('steady', home, {}, { launcher });
  expect(asked).toBeGreaterThan(0);
  expect(states(second, id)).toEqual(['queued', 'starting', 'running', 'completed']);
  expect((await second.json<RunSummary>(`/runs/${id}`)).body.status).toBe('completed');
});

test('a second sidecar on the same home is refused with the address of the first', async () => {
  const home = temporaryHome();
  const first = await startTestSidecar('steady', home);
  await expect(startTestSidecar('steady', home)).rejects.toThrow(first.url);
});

test('a run whose process the index cannot take down goes on, and nobody else writes into its log', async () => {
  const sidecar = await startTestSidecar('quick');
  await sql`CREATE TRIGGER full BEFORE UPDATE OF process ON runs WHEN NEW.process LIKE '%"pid"%'
    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`.execute(sidecar.workspace.db);
  const id = await create(sidecar);
  await sidecar.until(id, ({ status }) => status === 'completed');
  expect(states(sidecar, id)).toEqual(['queued', 'starting', 'running', 'completed']);
  expectGapless(sidecar, id);
  expect(sidecar.warnings).toEqual([expect.stringContaining(`Starting run ${id}`)]);
});
