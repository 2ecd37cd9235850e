import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { emptyRunView, reduceRun } from '#core/run/reduce.ts';
import { eventsOf, makeRunFolder, readEvents, resultDigests, smallRun } from '#tests/support/run-folder.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { startTrainer } from '#tests/support/trainer-process.ts';
import { SpacedSaves } from '#trainer/process/spaced-saves.ts';

describe('spaced saves', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  /** Saves epochs of `ms` each; every third is better than all before. What was written, in order. */
  async function save(seconds: number, epochs: number, ms: number): Promise<{ saves: SpacedSaves; written: string[] }> {
    const saves = new SpacedSaves(seconds);
    const written: string[] = [];
    for (let epoch = 1; epoch <= epochs; epoch++) {
      await vi.advanceTimersByTimeAsync(ms);
      for (const name of epoch % 3 === 1 ? (['best', 'last'] as const) : (['last'] as const))
        await saves.save(name, async () => void written.push(`${name} ${epoch}`));
    }
    return { saves, written };
  }

  it('come at most once each so many seconds, the newest of each name, and at the end', async () => {
    const { saves, written } = await save(1, 25, 100);
    expect(written).toEqual(['best 1', 'last 1', 'best 10', 'last 10', 'best 19', 'last 20']);
    await saves.settle();
    expect(written.slice(6)).toEqual(['best 25', 'last 25']);
    await saves.settle();
    expect(written).toHaveLength(8);
  });

  it('do not wait for the end of a long epoch', async () => {
    const { written } = await save(5, 2, 4000);
    expect(written).toEqual(['best 1', 'last 1']);
    await vi.advanceTimersByTimeAsync(1000);
    expect(written).toEqual(['best 1', 'last 1', 'last 2']);
  });

  it('are all made where nothing is to lie between them', async () => {
    const { saves, written } = await save(0, 4, 1);
    await saves.settle();
    expect(written).toEqual(['best 1', 'last 1', 'last 2', 'last 3', 'best 4', 'last 4']);
  });

  it('do not pile up on a slow disk, and say what they failed with', async () => {
    const saves = new SpacedSaves(1);
    let [begun, done] = [0, 0];
    const slow = async () => {
      begun++;
      await new Promise((wake) => setTimeout(wake, 10_000));
      done++;
    };
    void saves.save('last', slow);
    for (let epoch = 0; epoch < 50; epoch++) {
      await vi.advanceTimersByTimeAsync(100);
      void saves.save('last', slow);
    }
    expect([begun, done]).toEqual([1, 0]);
    await vi.advanceTimersByTimeAsync(6000);
    expect([begun, done]).toEqual([2, 1]);
    await vi.advanceTimersByTimeAsync(20_000);
    await saves.save('last', async () => Promise.reject(new Error('full')));
    await expect(saves.settle()).rejects.toThrow('full');
    await expect(saves.saveNow(async () => {})).rejects.toThrow('full');
  });
});

describe('a run of many short epochs', () => {
  const spaced = smallRun.filter((one) => !one.startsWith('train.checkpoint_every'));

  it('is saved at its beginning and at its end where all of it lies between two saves', async () => {
    const folder = makeRunFolder(temporaryFolder(), 'r', [...spaced, 'train.checkpoint_every=3600', 'train.epochs=8']);
    expect((await startTrainer(folder, 1).exit).code).toBe(0);
    const events = readEvents(folder);
    const saved = eventsOf(events, 'checkpoint').map(({ name, epoch }) => `${name} ${epoch}`);
    expect(saved.slice(0, 2)).toEqual(['best 1', 'last 1']);
    expect(saved.at(-1)).toBe('last 8');
    expect(saved.length).toBeLessThanOrEqual(4);
    // The best epoch may lie far behind the event that says so.
    const losses = eventsOf(events, 'metric').flatMap(({ step, values }) =>
      'val.loss' in values ? [{ step, loss: Number(values['val.loss']) }] : [],
    );
    const lowest = losses.reduce((best, next) => (next.loss < best.loss ? next : best));
    const ended = events.filter(({ type }) => type !== 'result').reduce(reduceRun, emptyRunView());
    expect(ended.bestAt?.step).toBe(lowest.step);
    expect(ended.metrics.best['val.loss']).toBe(lowest.loss);
    expect(Object.keys(ended.metrics.best)).toEqual(expect.arrayContaining(['train.loss', 'val.loss', 'lr']));
  });

  it('that is killed between two saves goes on to the same result, bit for bit', async () => {
    const home = temporaryFolder();
    const whole = makeRunFolder(home, 'whole', [...smallRun, 'train.epochs=10']);
    expect((await startTrainer(whole, 1).exit).code).toBe(0);
    const folder = makeRunFolder(home, 'r', [...spaced, 'train.checkpoint_every=3600', 'train.epochs=10']);
    const first = startTrainer(folder, 1);
    const log = join(folder, 'events.jsonl');
    const said = (text: string) => existsSync(log) && readFileSync(log, 'utf8').includes(text);
    while (!said('"epoch":5,"values"') || !said('"name":"last"')) await sleep(5);
    first.child.kill('SIGKILL');
    await first.exit;
    expect(eventsOf(readEvents(folder), 'checkpoint').map(({ epoch }) => epoch)).toEqual([1, 1]);
    expect((await startTrainer(folder, 2).exit).code).toBe(0);
    expect(resultDigests(folder)).toEqual(resultDigests(whole));
  });
});
