import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '#core/run/event.ts';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import { eventsOf, readEvents } from '#tests/support/run-folder.ts';
import { type Script, startTestSidecar, temporaryHome, type TestSidecar } from '#tests/support/sidecar.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';
import { attemptLockPath } from '#trainer/run-folder/attempt-lock.ts';

interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}

async function startRun(sidecar: TestSidecar): Promise<string> {
  const { body } = await sidecar.post<{ id: string }>('/runs');
  await sidecar.until(body.id, ({ status }) => status === 'running');
  return body.id;
}

const statuses = (sidecar: TestSidecar, id: string) => eventsOf(readEvents(join(sidecar.runs, id)), 'status');
const pidOf = (sidecar: TestSidecar, id: string, attempt = 1) =>
  findTrainer(join(sidecar.runs, id), attempt)?.pid ?? Number.NaN;
const logOf = (sidecar: TestSidecar, id: string) => join(sidecar.runs, id, 'events.jsonl');

/** Closes the sidecar, then ends the trainer it has left. */
async function endAll(sidecar: TestSidecar, id: string): Promise<void> {
  const trainer = pidOf(sidecar, id);
  await sidecar.close();
  process.kill(trainer, 'SIGKILL');
  await expect.poll(() => findTrainer(join(sidecar.runs, id), 1)).toBeNull();
}

describe('an attempt that a signal has ended', () => {
  test('is interrupted, stays so, and is resumed as the next one', async () => {
    const sidecar = await startTestSidecar('steady');
    const id = await startRun(sidecar);
    process.kill(pidOf(sidecar, id), 'SIGTERM');
    await sidecar.until(id, ({ status }) => status === 'interrupted');
    await expect.poll(() => sidecar.workspace.supervisor.active()).toEqual([]);
    await sidecar.post(`/runs/${id}/resume`);
    const run = await sidecar.until(id, ({ status }) => status === 'running');
    expect(run).toMatchObject({ attempt: 2, reason: null, finishedAt: null });
    expect(statuses(sidecar, id).map(({ state, attempt }) => [state, attempt])).toEqual([
      ...[['queued', 1] as const, ['starting', 1], ['running', 1], ['interrupted', 1]],
      ...[
        ['queued', 2],
        ['starting', 2],
        ['running', 2],
      ],
    ]);
  });

  test('is cancelled where a cancel was asked for that its log does not know of', async () => {
    const sidecar = await startTestSidecar('deaf');
    const id = await startRun(sidecar);
    const lastWord = { seq: 0, at: new Date().toISOString(), attempt: 1, type: 'status', state: 'interrupted' };
    const pid = pidOf(sidecar, id);
    process.kill(pid, 'SIGSTOP');
    const seq = readEvents(join(sidecar.runs, id)).length + 1;
    await sidecar.workspace.supervisor.cancel(id);
    process.kill(pid, 'SIGKILL');
    appendFileSync(logOf(sidecar, id), `${JSON.stringify({ ...lastWord, seq, reason: 'SIGTERM.' })}\n`);
    const run = await sidecar.until(id, ({ status }) => status === 'cancelled');
    expect(run.reason).toMatch(/^Cancelled[.;] /);
  });
});

describe('a run that has ended', () => {
  test.each(['failed', 'cancelled'] as const)('as %s is resumed, and its stream goes on', async (state) => {
    const sidecar = await startTestSidecar('failing');
    const id = await startRun(sidecar);
    if (state === 'cancelled') await sidecar.post(`/runs/${id}/cancel`);
    else writeFileSync(join(sidecar.runs, id, 'fail'), '');
    const before = await sidecar.until(id, ({ status }) => status === state);
    expect(before.finishedAt).not.toBeNull();
    rmSync(join(sidecar.runs, id, 'fail'), { force: true });
    expect((await fetch(`${sidecar.url}/runs/${id}/stream?since=${before.lastSeq}`)).status).toBe(204);

    const { status, body } = await sidecar.post<RunSummary>(`/runs/${id}/resume`);
    expect([status, body.attempt, body.finishedAt]).toEqual([202, 2, null]);
    const run = await sidecar.until(id, (now) => now.status === 'running');
    expect(run).toMatchObject({ reason: null, finishedAt: null, attempt: 2 });
    // Whoever follows from the start gets past the end of the first attempt.
    for (const since of [0, before.lastSeq - 1, before.lastSeq]) {
      const states: string[] = [];
      const left = new AbortController();
      const { body: stream } = await fetch(`${sidecar.url}/runs/${id}/stream?since=${since}`, { signal: left.signal });
      let text = '';
      for await (const chunk of stream ?? []) {
        text += Buffer.from(chunk).toString();
        if (/"attempt":2,"type":"status","state":"running"/.test(text)) break;
      }
      left.abort();
      for (const [, found] of text.matchAll(/"state":"(\w+)"/g)) states.push(found);
      expect(states.slice(-3)).toEqual(['queued', 'starting', 'running']);
    }
  });

  test('completed is final, and the refusal says so', async () => {
    const sidecar = await startTestSidecar('quick');
    const { body } = await sidecar.post<{ id: string }>('/runs');
    await sidecar.until(body.id, ({ status }) => status === 'completed');
    const refused = await sidecar.post<Refusal>(`/runs/${body.id}/resume`);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'state_conflict']);
    expect(refused.body.error.message).toMatch(/is completed and cannot be resumed: it has ended for good, and a fork/);
  });
});

describe('a trainer that says nothing', () => {
  test('is shown as stalled after 30 s, without an ETA, until it speaks again', async () => {
    let passed = 0;
    const clock = () => passed;
    const sidecar = await startTestSidecar('steady', temporaryHome(), {}, { clock });
    const id = await startRun(sidecar);
    const pid = pidOf(sidecar, id);
    const progress = { type: 'progress', epoch: 1, epochs: 2, step: 1, steps: 9, samplesPerSecond: 5, etaSeconds: 9 };
    process.kill(pid, 'SIGSTOP');
    // The trainer stands: its log is ours for a line.
    const seq = readEvents(join(sidecar.runs, id)).length + 1;
    const line = JSON.stringify({ seq, at: new Date().toISOString(), attempt: 1, ...progress });
    appendFileSync(logOf(sidecar, id), `${line}\n`);
    await sidecar.until(id, ({ lastSeq }) => lastSeq === seq);
    passed += 29_999;
    const before = (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
    expect(before).toMatchObject({ stalledSince: null, progress: { etaSeconds: 9 } });
    passed += 1;
    const stalled = (await sidecar.json<RunDetail>(`/runs/${id}`)).body;
    expect(stalled).toMatchObject({ status: 'running', progress: { etaSeconds: 'NaN' } });
    expect(stalled.stalledSince).toMatch(/^\d{4}-/);
    const { body: list } = await sidecar.json<{ runs: RunSummary[] }>('/runs');
    expect(list.runs[0].stalledSince).toBe(stalled.stalledSince);

    const metric = { seq: seq + 1, at: '', attempt: 1, type: 'metric', step: 2, epoch: 1, values: { lr: 1 } };
    appendFileSync(logOf(sidecar, id), `${JSON.stringify(metric)}\n`);
    await sidecar.until(id, ({ stalledSince }) => stalledSince === null);
  });

  test('and is suspended wakes to a cancel, and saves what it has', async () => {
    const sidecar = await startTestSidecar('steady');
    const id = await startRun(sidecar);
    process.kill(pidOf(sidecar, id), 'SIGSTOP');
    await sidecar.post(`/runs/${id}/cancel`);
    const run = await sidecar.until(id, ({ status }) => status === 'cancelled');
    expect(run.reason).toBe('asked to');
  });
});

describe('a start', () => {
  test('says cancelled of a run that was to stop and whose trainer is gone', async () => {
    const home = temporaryHome();
    const first = await startTestSidecar('steady', home);
    const id = await startRun(first);
    await endAll(first, id);
    writeFileSync(join(first.runs, id, 'control.json'), JSON.stringify({ want: 'stop', attempt: 1 }));
    const second = await startTestSidecar('steady', home);
    const run = (await second.json<RunDetail>(`/runs/${id}`)).body;
    expect(run).toMatchObject({ status: 'cancelled', reason: expect.stringMatching(/^Cancelled; its trainer ended/) });
  });

  test.each(['ask', 'auto'] as const)(
    'with ALMANAC_RESUME=%s asks, or resumes what a shutdown ended',
    async (resume) => {
      const home = temporaryHome();
      const first = await startTestSidecar('steady', home);
      const signalled = await startRun(first);
      process.kill(pidOf(first, signalled), 'SIGTERM');
      await first.until(signalled, ({ status }) => status === 'interrupted');
      const gone = await startRun(first);
      await endAll(first, gone);
      const second = await startTestSidecar('steady', home, { ALMANAC_RESUME: resume });
      const states = async () => {
        const { body } = await second.json<{ runs: RunSummary[] }>('/runs?sort=number');
        return body.runs.map(({ status, attempt }) => (attempt === 1 ? status : attempt));
      };
      expect(await states()).toEqual(resume === 'ask' ? ['interrupted', 'interrupted'] : [2, 2]);
      if (resume === 'ask') return;
      // They come to nothing again without a checkpoint: the next start leaves them to a person.
      await second.until(signalled, ({ status }) => status === 'running');
      await second.post(`/runs/${gone}/cancel`);
      process.kill(pidOf(second, signalled, 2), 'SIGTERM');
      await second.until(signalled, ({ status }) => status === 'interrupted');
      await second.close();
      const third = await startTestSidecar('steady', home, { ALMANAC_RESUME: 'auto' });
      const run = (await third.json<RunDetail>(`/runs/${signalled}`)).body;
      expect(run).toMatchObject({ status: 'interrupted', attempt: 2 });
    },
  );
});

describe('a log that has lost what its folder holds', () => {
  /** A run that has ended, in a home without an index. */
  async function ended(script: Script, damage: (folder: string, log: string) => void) {
    const home = temporaryHome();
    const first = await startTestSidecar(script, home);
    const { body } = await first.post<{ id: string }>('/runs');
    await first.until(body.id, ({ status }) => status === 'completed');
    await first.close();
    const folder = join(first.runs, body.id);
    for (const suffix of ['', '-wal', '-shm']) rmSync(join(first.runs, `almanac.db${suffix}`), { force: true });
    damage(folder, join(folder, 'events.jsonl'));
    return { home, id: body.id, folder, second: await startTestSidecar('scored', home) };
  }

  test.each([
    ['is empty', (_: string, log: string) => truncateSync(log)],
    ['has its first line alone', (_: string, log: string) => truncateSync(log, readFileSync(log).indexOf('\n') + 1)],
    [
      'is empty, beside files without a lock',
      (folder: string, log: string) => {
        truncateSync(log);
        rmSync(attemptLockPath(folder, 1));
        mkdirSync(join(folder, 'checkpoints'));
      },
    ],
  ])('%s: the run is never trained again unasked, and says why', async (_, damage) => {
    const { second, id, folder } = await ended('scored', damage);
    const predictions = readFileSync(join(folder, 'predictions.csv'), 'utf8');
    const run = (await second.json<RunDetail>(`/runs/${id}`)).body;
    expect(run.status).toBe('interrupted');
    expect(run.reason).toMatch(/^Its log, events\.jsonl, is empty or has lost its end: .*not trained again unasked/);
    second.workspace.supervisor.wake();
    await second.workspace.supervisor.close();
    expect(existsSync(attemptLockPath(folder, 2))).toBe(false);
    expect(readFileSync(join(folder, 'predictions.csv'), 'utf8')).toBe(predictions);
    const last = readEvents(folder).at(-1) as Extract<RunEvent, { type: 'status' }>;
    expect([last.state, last.cause]).toEqual(['interrupted', undefined]);
  });

  test('is resumed past every attempt that was ever begun, when somebody asks for it', async () => {
    const { second, id, folder } = await ended('scored', (home, log) => {
      truncateSync(log);
      for (const n of [2, 3]) writeFileSync(attemptLockPath(home, n), readFileSync(attemptLockPath(home, 1)));
    });
    await second.post(`/runs/${id}/resume`);
    const run = await second.until(id, ({ status }) => status === 'completed');
    expect(run.attempt).toBe(4);
    expect(eventsOf(readEvents(folder), 'status').map(({ attempt }) => attempt)).toEqual([3, 4, 4, 4, 4]);
  });

  test('that is whole begins as ever, with a frozen folder alone', async () => {
    const home = temporaryHome();
    const first = await startTestSidecar('steady', home);
    await startRun(first);
    const { body } = await first.post<{ id: string }>('/runs');
    await first.close();
    const second = await startTestSidecar('steady', home);
    expect((await second.json<RunDetail>(`/runs/${body.id}`)).body.status).toBe('queued');
  });
});
