import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { readCheckpoint } from '#trainer/ml/checkpoint/read.ts';
import { diesAt } from '#tests/support/die-at.ts';
import { eventsOf, makeRunFolder, readEvents, resultDigests, smallRun } from '#tests/support/run-folder.ts';
import { choose } from '#tests/support/scale.ts';
import { startTrainer, type StartedTrainer } from '#tests/support/trainer-process.ts';
import { wholeRun } from '#tests/support/whole-run.ts';

const home = mkdtempSync(join(tmpdir(), 'almanac-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const overrides = [...smallRun, 'train.epochs=6'];
const interrupted = { code: 5, signal: null };
const cancelled = { code: 3, signal: null };

const log = (folder: string) =>
  existsSync(join(folder, 'events.jsonl')) ? readFileSync(join(folder, 'events.jsonl'), 'utf8') : '';
const ask = (folder: string, want: string) =>
  writeFileSync(join(folder, 'control.json'), JSON.stringify({ want, attempt: 1 }));
const lastStatus = (folder: string) => eventsOf(readEvents(folder), 'status').at(-1);

/** Resolves when what the trainer has written contains `sign`, or it has ended. */
async function reached(folder: string, sign: string, { child }: StartedTrainer): Promise<void> {
  while (child.exitCode === null && !log(folder).includes(sign)) await sleep(2);
}

const untouched = wholeRun(overrides);

/** The next attempt goes on, and the run ends as one that nobody touched. */
async function expectSameEnd(folder: string): Promise<void> {
  expect(await startTrainer(folder, 2).exit).toEqual({ code: 0, signal: null });
  expect(resultDigests(folder)).toEqual(await untouched());
}

describe('a signal that nobody asked for', () => {
  it.each(
    choose(
      [
        { signal: 'SIGTERM', name: 'its data is read', text: 'Attempt 1 begins', times: 1 },
        { signal: 'SIGTERM', name: 'the first step is compiled', text: '"state":"running"', times: 1 },
        { signal: 'SIGHUP', name: 'it trains', text: '"type":"progress"', times: 5 },
        { signal: 'SIGTERM', name: 'it trains, to its whole group', text: '"type":"progress"', times: 5, group: true },
        { signal: 'SIGINT', name: 'a checkpoint is written', text: '"val.loss"', times: 2 },
        { signal: 'SIGTERM', name: 'the best checkpoint is scored', text: 'is scored on validation', times: 1 },
      ] as const,
      ['it trains, to its whole group', 'a checkpoint is written'],
    ),
  )('($signal) while $name interrupts the run, and it resumes with the same bits', async (moment) => {
    const { name, text, times, ...how } = moment;
    const folder = makeRunFolder(home, name.replaceAll(/\W+/g, '-'), overrides);
    const trainer = startTrainer(folder, 1, diesAt(text, times, how), { detached: true });
    expect(await trainer.exit).toEqual(interrupted);
    expect(lastStatus(folder)).toMatchObject({
      state: 'interrupted',
      cause: 'signal',
      reason: expect.stringMatching(`^${how.signal} `),
    });
    // What the log says of checkpoint last is what lies there.
    const told = eventsOf(readEvents(folder), 'checkpoint').findLast((event) => event.name === 'last');
    const last = await readCheckpoint(join(folder, 'checkpoints'), 'last');
    expect(last?.manifest.step).toBe(told?.step);
    await expectSameEnd(folder);
  });

  it('interrupts a paused run, saves its step, and a second signal changes nothing', async () => {
    const folder = makeRunFolder(home, 'paused', overrides);
    ask(folder, 'pause');
    const trainer = startTrainer(folder, 1);
    await reached(folder, '"state":"paused"', trainer);
    const step = eventsOf(readEvents(folder), 'metric').at(-1)?.step;
    trainer.child.kill('SIGTERM');
    trainer.child.kill('SIGINT');
    expect(await trainer.exit).toEqual(interrupted);
    expect(lastStatus(folder)).toMatchObject({ state: 'interrupted', cause: 'signal' });
    expect((await readCheckpoint(join(folder, 'checkpoints'), 'last'))?.manifest.step).toBe(step);
    expect((await startTrainer(folder, 1).exit).code).toBe(75);
    await expectSameEnd(folder);
  });

  it('interrupts a run that has hardly its lock', async () => {
    const folder = makeRunFolder(home, 'early', [...smallRun, 'train.epochs=10000']);
    const trainer = startTrainer(folder, 1);
    while (trainer.child.exitCode === null && !existsSync(join(folder, 'attempt-1.lock'))) await sleep(1);
    trainer.child.kill('SIGTERM');
    expect(await trainer.exit).toEqual(interrupted);
    expect(lastStatus(folder)).toMatchObject({ state: 'interrupted', cause: 'signal' });
  });
});

it.each([
  ['before', ['ask', 'signal']],
  ['after', ['signal', 'ask']],
] as const)('a stop that is asked for %s the signal makes the run cancelled', async (when, order) => {
  const folder = makeRunFolder(home, `asked-${when}`, [...smallRun, 'train.epochs=10000']);
  const trainer = startTrainer(folder, 1);
  await reached(folder, '"name":"last"', trainer);
  for (const act of order) {
    if (act === 'ask') ask(folder, 'stop');
    else trainer.child.kill('SIGTERM');
  }
  expect(await trainer.exit).toEqual(cancelled);
  expect(lastStatus(folder)).toMatchObject({
    state: 'cancelled',
    reason: expect.stringMatching(/^Stopped (?:at step|after epoch) \d+ of \d+\.$/),
  });
});
