import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { RunEvent } from '#core/run/event.ts';
import type { RunDetail } from '#core/run/summary.ts';
import { readStream } from '#tests/support/read-stream.ts';
import { scale } from '#tests/support/scale.ts';
import { temporaryHome } from '#tests/support/sidecar.ts';
import { until } from '#tests/support/until.ts';
import { findTrainer } from '#trainer/run-folder/find-trainer.ts';

const program = fileURLToPath(new URL('../../../../trainer/sidecar/main.ts', import.meta.url));

/** Starts the sidecar as a process of its own and waits until it answers. */
async function start(home: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], ALMANAC_HOME: home, TRAINER_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const url = await new Promise<string>((done, failed) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
      if (found !== undefined) done(found);
    });
    child.once('exit', () => failed(new Error(`the sidecar ended: ${text}`)));
  });
  return { child, url };
}

const isCancelled = (event: RunEvent) => event.type === 'status' && event.state === 'cancelled';

async function kill({ child }: { child: ChildProcess }): Promise<void> {
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await gone;
}

test('a sidecar killed at any moment of a run loses and doubles nothing, and the run goes on in one process', async () => {
  const home = temporaryHome();
  let sidecar = await start(home);
  const post = (path: string, body: object, key: string) =>
    fetch(sidecar.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
  const body = {
    overrides: [
      'data.source=sample://market?seed=3&bars=3000&step=1h',
      'model.lookback=16',
      'train.epochs=10000',
      'train.early_stopping=null',
    ],
  };
  const { id } = (await (await post('/runs', body, 'once')).json()) as { id: string };
  const folder = join(home, 'runs', id);
  const read = async () => (await (await fetch(`${sidecar.url}/runs/${id}`)).json()) as RunDetail;
  const running = async () => {
    let run = await read();
    await until(
      async () => {
        run = await read();
        const { status, reason } = run;
        // Said of the first attempt, a moment before the second is queued; a run that stays so never starts.
        const isBetween = status === 'interrupted' && reason === 'Almanac was ended before it had started the trainer.';
        const isOnItsWay = isBetween || ['queued', 'starting', 'running'].includes(status);
        if (!isOnItsWay) throw new Error(`the run is ${status}: ${reason}`);
        return status === 'running';
      },
      () => `the run does not start: it is ${run.status}`,
    );
    return run.attempt;
  };
  const pids = new Set<number | undefined>();
  // The moments come from the cycle's number, so that a failure can be repeated.
  for (let cycle = 0; cycle < scale(8, 4); cycle++) {
    await sleep((cycle * 137) % 700);
    await kill(sidecar);
    sidecar = await start(home);
    expect(((await (await post('/runs', body, 'once')).json()) as { id: string }).id).toBe(id);
    // Killed between the decision to start and the start, the first time, it is queued again as a second attempt.
    pids.add(findTrainer(folder, await running())?.pid);
  }
  expect(pids.size).toBe(1);
  await post(`/runs/${id}/cancel`, {}, 'cancel');
  const frames = await readStream(`${sidecar.url}/runs/${id}/stream`, isCancelled);
  const lines = readFileSync(join(folder, 'events.jsonl'), 'utf8').trimEnd().split('\n');
  expect(frames.map(({ data }) => data)).toEqual(lines);
  const events = lines.map((line) => JSON.parse(line) as RunEvent);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const list = (await (await fetch(`${sidecar.url}/runs`)).json()) as { runs: { status: string }[] };
  expect(list.runs.map(({ status }) => status)).toEqual(['cancelled']);
});
