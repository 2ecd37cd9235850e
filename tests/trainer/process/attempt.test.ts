import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/error.ts';
import { exitCodes } from '#core/run/exit-code.ts';
import { startAttempt } from '#trainer/process/attempt.ts';
import { logDisk, openEventLog } from '#trainer/run-folder/event-log.ts';
import type { RunContext, RunEnd } from '#trainer/process/train-run.ts';
import { eventsOf, readEvents } from '#tests/support/run-folder.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';

function start(folder: string, work: (context: RunContext) => Promise<RunEnd>, attempt = 1) {
  const printed: string[] = [];
  const print = (text: string) => void printed.push(text);
  return { ...startAttempt({ folder, attempt, nonce: 'n', env: {}, print, work }), printed };
}

const completed: RunEnd = { state: 'completed', reason: 'all 3 epochs' };

describe('an attempt', () => {
  it('ends its log with the terminal status and answers its exit code', async () => {
    const folder = temporaryFolder();
    const { finished } = start(folder, async ({ log }) => {
      log.append({ type: 'metric', step: 1, epoch: 0.5, values: { 'train.loss': 'NaN' } });
      return completed;
    });
    expect(await finished).toBe(exitCodes.completed);
    expect(readEvents(folder).at(-1)).toMatchObject({ type: 'status', seq: 2, ...completed });
    expect(readFileSync(join(folder, 'metrics.csv'), 'utf8')).toBe(
      'step,epoch,attempt,metric,value\n1,0.5,1,train.loss,NaN\n',
    );
  });

  it.each([
    [new AppError('non_finite_loss', 'The loss is NaN at step 7.'), 'non_finite_loss', 'The loss is NaN at step 7.'],
    [new RangeError('Array buffer allocation failed'), 'out_of_memory', 'Memory ran out'],
    [
      new Error('OOM when allocating tensor with shape[9,9] on /job:localhost/device:GPU:0 in /home/secret/place'),
      'out_of_memory',
      'shape[9,9]',
    ],
    [new Error('std::bad_alloc'), 'out_of_memory', 'Lower train.batch_size or model.lookback'],
    [new Error('Invalid TF_Status: 8\nMessage: failed to allocate memory'), 'out_of_memory', 'unharmed'],
    [Object.assign(new Error('Buffer'), { name: 'GPUOutOfMemoryError' }), 'out_of_memory', 'Memory ran out (Buffer)'],
    [Object.assign(new Error("EACCES: '/secret/place'"), { code: 'EACCES' }), 'internal', 'EACCES'],
    [new TypeError('x is not a function at /secret/place'), 'internal', 'TypeError'],
    ['a string', 'internal', 'See trainer.log'],
  ])('fails with %s as %s', async (error, code, reason) => {
    const folder = temporaryFolder();
    const { finished, printed } = start(folder, () => Promise.reject(error as Error));
    expect(await finished).toBe(exitCodes.failed);
    const events = readEvents(folder);
    expect(events.at(-1)).toMatchObject({ state: 'failed', reason: expect.stringContaining(reason) });
    expect(eventsOf(events, 'log').at(-1)?.message).toMatch(new RegExp(`^${code}: `));
    expect(JSON.stringify(events)).not.toContain('secret');
    expect(printed.join('')).toContain(error instanceof Error ? error.message : error);
  });

  const noSpace = Object.assign(new Error('no space'), { code: 'ENOSPC' });
  it.each([
    ['device_lost', new AppError('device_lost', 'The GPU was lost (reset by the driver).'), /^The GPU was lost/],
    ['disk_full', noSpace, /^The disk that holds the runs is full\. Free some space, then resume/],
    ['disk_full', Object.assign(new Error('quota'), { code: 'EDQUOT' }), /is full/],
    ['disk_full', new AppError('internal', 'It was not written.', { cause: noSpace }), /is full/],
  ])('leaves a run interrupted by %s, with the reason', async (cause, error, reason) => {
    const folder = temporaryFolder();
    expect(await start(folder, () => Promise.reject(error)).finished).toBe(exitCodes.interrupted);
    const events = readEvents(folder);
    expect(events.at(-1)).toMatchObject({ state: 'interrupted', cause, reason: expect.stringMatching(reason) });
    expect(eventsOf(events, 'log').at(-1)).toMatchObject({
      level: 'error',
      message: expect.stringMatching(new RegExp(`^${cause}: `)),
    });
  });

  it('has its status where only the shorter of its two last lines fits', async () => {
    const folder = temporaryFolder();
    const write: typeof logDisk.write = (descriptor, bytes, offset) => {
      if (String(bytes).includes('"type":"log"')) throw noSpace;
      return logDisk.write(descriptor, bytes, offset);
    };
    const openLog = (path: string, attempt: number) => openEventLog(path, attempt, { disk: { ...logDisk, write } });
    const work = () => Promise.reject(noSpace);
    const { finished } = startAttempt({ folder, attempt: 1, nonce: 'n', env: {}, print: () => {}, work, openLog });
    expect(await finished).toBe(exitCodes.interrupted);
    expect(readEvents(folder).at(-1)).toMatchObject({ state: 'interrupted', cause: 'disk_full' });
  });

  it('answers with that code, too, where the disk is full before its log is there', async () => {
    const openLog = () => {
      throw noSpace;
    };
    const printed: string[] = [];
    const print = (text: string) => void printed.push(text);
    const request = { folder: temporaryFolder(), attempt: 1, nonce: 'n', env: {}, print, openLog };
    expect(await startAttempt(request).finished).toBe(exitCodes.diskFull);
    expect(printed.join('')).toMatch(/^The attempt could not begin: /);
  });

  it('changes nothing in the folder after the terminal status: its line is printed before it is written', async () => {
    const folder = temporaryFolder();
    const statesAtPrint: unknown[] = [];
    const print = (text: string) =>
      void statesAtPrint.push([text.includes('completed'), eventsOf(readEvents(folder), 'status').at(-1)?.state]);
    const work = async ({ log }: RunContext): Promise<RunEnd> => {
      log.append({ type: 'status', state: 'running', engine: 'wasm', device: 'WASM' });
      return completed;
    };
    await startAttempt({ folder, attempt: 1, nonce: 'n', env: {}, print, work }).finished;
    expect(statesAtPrint).toEqual([
      [false, 'running'],
      [true, 'running'],
    ]);
    expect(readEvents(folder).at(-1)).toMatchObject({ type: 'status', state: 'completed' });
  });

  it('prints what a person would read, with time, level and attempt, and no measurements', async () => {
    const folder = temporaryFolder();
    const cause = new Error('the disk said so');
    const { finished, printed } = start(folder, async ({ log }) => {
      log.append({ type: 'status', state: 'running', engine: 'wasm', device: 'WASM, 1 thread' });
      log.append({ type: 'log', level: 'info', message: 'Ten bars were read.' });
      log.append({ type: 'metric', step: 1, epoch: 0.5, values: { 'train.loss': 1 } });
      log.append({ type: 'log', level: 'warn', message: 'Few of them move.' });
      throw new AppError('data_empty', 'Nothing is left.', { cause });
    });
    await finished;
    const at = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
    expect(printed.join('')).toMatch(
      new RegExp(
        `^${at} info {2}\\[1\\] running on wasm \\(WASM, 1 thread\\)\n` +
          `${at} info {2}\\[1\\] Ten bars were read\\.\n` +
          `${at} warn {2}\\[1\\] Few of them move\\.\n` +
          `Error: the disk said so\n(?: .*\n)+` +
          `${at} error \\[1\\] data_empty: Nothing is left\\.\n` +
          `${at} error \\[1\\] failed: Nothing is left\\.\n$`,
      ),
    );
  });

  it('answers with a code of its own where the disk takes no last word', async () => {
    const folder = temporaryFolder();
    const write = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    const openLog = (path: string, attempt: number) => openEventLog(path, attempt, { disk: { ...logDisk, write } });
    const printed: string[] = [];
    const print = (text: string) => void printed.push(text);
    const work = async () => completed;
    const { finished } = startAttempt({ folder, attempt: 1, nonce: 'n', env: {}, print, work, openLog });
    expect(await finished).toBe(exitCodes.diskFull);
    expect(printed.join('')).toContain('(completed: all 3 epochs) could not be written');
  });

  describe('that is stopped', () => {
    /** A run that stops when it is told to; `during` happens before. */
    async function stopped(during: (attempt: ReturnType<typeof start>, ask: (want: string) => void) => void) {
      const folder = temporaryFolder();
      let release = () => {};
      const attempt = start(folder, async ({ control }) => {
        await new Promise<void>((done) => (release = done));
        return { state: control.want() === 'stop' ? 'stopped' : 'completed', reason: 'stopped at step 7 of 9' };
      });
      during(attempt, (want) => writeFileSync(join(folder, 'control.json'), JSON.stringify({ want, attempt: 1 })));
      release();
      return { code: await attempt.finished, last: readEvents(folder).at(-1) };
    }
    const cancelled = { state: 'cancelled', reason: 'Stopped at step 7 of 9.' };
    const interrupted = {
      state: 'interrupted',
      cause: 'signal',
      reason: expect.stringMatching(/^SIGHUP ended it, which nobody asked .*: stopped at step 7 of 9\.$/),
    };

    it('by a request is cancelled', async () => {
      const { code, last } = await stopped((_, ask) => ask('stop'));
      expect([code, last]).toEqual([exitCodes.cancelled, expect.objectContaining(cancelled)]);
    });

    it('by a signal is interrupted, whatever else was asked of it and however many follow', async () => {
      const { code, last } = await stopped((attempt, ask) => {
        ask('pause');
        attempt.interrupt('SIGHUP');
        attempt.interrupt('SIGTERM');
      });
      expect([code, last]).toEqual([exitCodes.interrupted, expect.objectContaining(interrupted)]);
    });

    it('by both is cancelled, whichever came first', async () => {
      const asked = await stopped((attempt, ask) => {
        ask('stop');
        attempt.interrupt('SIGTERM');
      });
      const signalled = await stopped((attempt, ask) => {
        attempt.interrupt('SIGTERM');
        ask('stop');
      });
      for (const { code, last } of [asked, signalled])
        expect([code, last]).toEqual([exitCodes.cancelled, expect.objectContaining(cancelled)]);
    });

    it('by a request that belongs to another attempt is interrupted by the signal', async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'control.json'), JSON.stringify({ want: 'stop', attempt: 1 }));
      const attempt = start(folder, async () => ({ state: 'stopped', reason: 'early' }), 2);
      attempt.interrupt('SIGTERM');
      expect(await attempt.finished).toBe(exitCodes.interrupted);
    });

    it('by a request is cancelled where the disk has no room for its last checkpoint', async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'control.json'), JSON.stringify({ want: 'stop', attempt: 1 }));
      expect(await start(folder, () => Promise.reject(noSpace)).finished).toBe(exitCodes.cancelled);
      expect(readEvents(folder).at(-1)).toMatchObject({ state: 'cancelled', reason: expect.stringMatching(/is full/) });
    });
  });

  it('writes one terminal status however often it fails', async () => {
    const folder = temporaryFolder();
    const attempt = start(folder, async () => {
      throw new Error('first');
    });
    await attempt.finished;
    expect(attempt.fail(new Error('second'))).toBe(exitCodes.failed);
    expect(eventsOf(readEvents(folder), 'status')).toHaveLength(1);
  });

  it('does nothing where the run has another trainer or has ended', async () => {
    const folder = temporaryFolder();
    let release = () => {};
    const first = start(folder, () => new Promise((done) => (release = () => done(completed))));
    let worked = false;
    const work = async () => {
      worked = true;
      return completed;
    };
    expect(await start(folder, work).finished).toBe(exitCodes.lost);
    expect(await start(folder, work, 2).finished).toBe(exitCodes.lost);
    release();
    await first.finished;
    const log = readFileSync(join(folder, 'events.jsonl'), 'utf8');
    expect(await start(folder, work, 1).finished).toBe(exitCodes.lost);
    expect(worked).toBe(false);
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe(log);
  });
});
