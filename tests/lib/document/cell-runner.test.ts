import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type CellKind, cellKinds, type CellResult } from '#core/api/cell-answers.ts';
import { compileConfig } from '#core/config/compile.ts';
import type { ConfigGroups } from '#core/config/config.ts';
import { ApiError } from '#lib/api/request.ts';
import type { CellProgress } from '#core/api/read-cell.ts';
import { CellRunner } from '#lib/document/cell-runner.svelte.ts';

function groupsOf(...overrides: readonly string[]): ConfigGroups {
  return compileConfig({ config: { features: { timeframes: { '1h': { rsi: {} } } } }, overrides }).groups;
}

interface Job {
  readonly kind: CellKind;
  readonly version: number;
  readonly signal: AbortSignal;
  say(said: Omit<Extract<CellProgress, { readonly share: unknown }>, 'version' | 'step'>): void;
  /** Ends it, after so many seconds of computing, or with an error. */
  end(outcome?: {
    readonly seconds?: number;
    readonly saved?: number;
    readonly fingerprint?: string;
    readonly error?: Error;
  }): Promise<void>;
}

/** The server's side, answered by hand. */
function workshop() {
  const jobs: Job[] = [];
  const runner = new CellRunner((kind, { version }, signal, hear) => {
    return new Promise<CellResult>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      jobs.push({
        kind,
        version,
        signal,
        say: (said) => hear({ version, step: kind, ...said }),
        end: async ({ seconds = 0.1, saved, fingerprint = 'f', error } = {}) => {
          if (error) reject(error);
          else {
            const from = saved === undefined ? 'computed' : 'cache';
            hear({ version, step: kind, from, why: 'x', seconds, saved: saved ?? 0 });
            resolve({ step: kind, of: version, fingerprint } as unknown as CellResult);
          }
          await vi.advanceTimersByTimeAsync(0);
        },
      });
    });
  });
  return { runner, jobs, kinds: () => jobs.map(({ kind }) => kind) };
}

/** What waits for a pause in typing does so in no time. */
async function pause() {
  await vi.advanceTimersByTimeAsync(1000);
}

/** Ends every job as it comes until there is none left. */
async function endAll(jobs: readonly Job[], seconds = 0.1) {
  for (let at = 0; at < jobs.length; at++) await jobs[at].end({ seconds });
}

const states = (runner: CellRunner) => cellKinds.map((kind) => runner.validityOf(kind).state);

describe('cells that run by themselves', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('run nothing unasked, and first what a wanted one needs', async () => {
    const { runner, jobs, kinds } = workshop();
    runner.follow(groupsOf());
    await pause();
    expect([jobs.length, states(runner)]).toEqual([0, ['never', 'never', 'never', 'never', 'never']]);
    runner.run('model');
    expect(runner.activityOf('features').state).toBe('queued');
    await endAll(jobs);
    expect(kinds()).toEqual(['data', 'features', 'targets', 'model']);
    expect(states(runner)).toEqual(['fresh', 'fresh', 'fresh', 'fresh', 'never']);
    // Asked for again it runs again, and what is fresh does not.
    runner.run('model');
    expect(kinds().slice(4)).toEqual(['model']);
  });

  it('run again after an edit where they took less than 2 s, else go stale and wait', async () => {
    const { runner, jobs, kinds } = workshop();
    runner.follow(groupsOf());
    runner.run('model');
    for (const seconds of [0.2, 0.3, 0.1, 5]) await jobs.at(-1)!.end({ seconds });
    expect(states(runner).slice(0, 4)).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
    runner.follow(groupsOf('features.timeframes.1h.rsi.period=21'));
    expect(runner.validityOf('features')).toEqual({
      state: 'stale',
      reason: 'features.timeframes.1h.rsi.period 14 → 21',
    });
    await pause();
    expect(kinds().slice(4)).toEqual(['features']);
    await jobs[4].end();
    await pause();
    expect(states(runner).slice(0, 4)).toEqual(['fresh', 'fresh', 'fresh', 'stale']);
    expect(jobs.length).toBe(5);
    // Back to what it was made of, it is what the page says.
    runner.follow(groupsOf());
    expect(runner.validityOf('model').state).toBe('fresh');
  });

  it('are stale when they end, where they were edited while they ran, and run then', async () => {
    const { runner, jobs, kinds } = workshop();
    runner.follow(groupsOf());
    runner.run('targets');
    await endAll(jobs);
    runner.run('targets');
    runner.follow(groupsOf('targets.horizon=24'));
    await pause();
    expect(kinds()).toEqual(['data', 'targets', 'targets']);
    jobs[2].say({ share: 0.5, doing: 'making labels' });
    expect(runner.activityOf('targets')).toEqual({ state: 'running', share: 0.5, doing: 'making labels' });
    await jobs[2].end();
    expect(runner.validityOf('targets')).toEqual({ state: 'stale', reason: 'targets.horizon 12 → 24' });
    await pause();
    expect(kinds().slice(3)).toEqual(['targets']);
    await jobs[3].end();
    expect(runner.validityOf('targets').state).toBe('fresh');
  });

  it('drop by its version what an older run says, however late', async () => {
    const { runner, jobs } = workshop();
    runner.follow(groupsOf());
    runner.run('data');
    const [old] = jobs;
    runner.run('data');
    await vi.advanceTimersByTimeAsync(0);
    expect(old.signal.aborted).toBe(true);
    old.say({ share: 0.9, doing: 'late' });
    await old.end();
    expect(runner.activityOf('data')).toMatchObject({ state: 'running', share: null });
    expect(runner.resultOf('data')).toBeNull();
    await jobs[1].end();
    expect(runner.resultOf('data')).toMatchObject({ step: 'data', of: jobs[1].version });
  });

  it('come from the cache unasked where the plan knows them, and are weighed by what they took when computed', async () => {
    const { runner, jobs, kinds } = workshop();
    runner.follow(groupsOf());
    const cell = (kind: CellKind, action: 'run' | 'cached') => ({ kind, action, reason: '', seconds: 0.01 });
    runner.know({ cells: [cell('data', 'cached'), cell('features', 'cached'), cell('model', 'run')] });
    await pause();
    expect(kinds()).toEqual(['data']);
    await jobs[0].end({ saved: 0.5 });
    await jobs[1].end({ saved: 40 });
    await pause();
    expect(kinds()).toEqual(['data', 'features']);
    expect(runner.factsOf('features')).toMatchObject({ cost: 40, runsItself: false, reading: { from: 'cache' } });
  });

  it('are stale where the data cell has read another file since', async () => {
    const { runner, jobs } = workshop();
    runner.follow(groupsOf());
    runner.run('targets');
    await jobs[0].end({ seconds: 5 });
    await jobs[1].end({ seconds: 5 });
    runner.run('data');
    await jobs[2].end({ fingerprint: 'another' });
    expect(runner.validityOf('targets')).toEqual({
      state: 'stale',
      reason: 'needs data: the source is another than before',
    });
  });

  it('end when they are told to, with those that wait for them, and keep what they had', async () => {
    const { runner, jobs, kinds } = workshop();
    runner.follow(groupsOf());
    runner.run('model');
    await jobs[0].end();
    await vi.advanceTimersByTimeAsync(0);
    expect(runner.activityOf('features').state).toBe('running');
    runner.cancel('features');
    await pause();
    expect(jobs[1].signal.aborted).toBe(true);
    expect(cellKinds.map((kind) => runner.activityOf(kind).state)).toEqual(['idle', 'idle', 'running', 'idle', 'idle']);
    expect(kinds()).toEqual(['data', 'features', 'targets']);
    expect(states(runner)).toEqual(['fresh', 'never', 'never', 'never', 'never']);
  });

  it('that fail say why, and those that need them are not computed', async () => {
    const { runner, jobs } = workshop();
    runner.follow(groupsOf());
    runner.run('model');
    await jobs[0].end({ error: new ApiError(200, 'data_unreadable', 'no such column') });
    expect(runner.validityOf('data')).toEqual({ state: 'failed', reason: 'no such column' });
    expect(runner.validityOf('model')).toEqual({ state: 'missing', cell: 'data', why: 'failed' });
    expect(runner.isBusy).toBe(false);
    await pause();
    expect(jobs.length).toBe(1);
  });

  it('wait their turn where the machine has none to spare', async () => {
    const { runner, jobs, kinds } = workshop();
    runner.follow(groupsOf());
    runner.run('data');
    await jobs[0].end({ error: new ApiError(409, 'state_conflict', 'two run already') });
    expect(runner.activityOf('data').state).toBe('queued');
    await pause();
    expect(kinds()).toEqual(['data', 'data']);
    await jobs[1].end();
    expect(runner.validityOf('data').state).toBe('fresh');
  });

  it('with a problem, or that need one that has, are not computed; the others run', async () => {
    const { runner, jobs, kinds } = workshop();
    runner.follow(groupsOf('features.scaler=none'));
    expect(runner.validityOf('features')).toEqual({ state: 'missing', cell: 'features', why: 'has a problem' });
    expect(runner.validityOf('model')).toEqual({ state: 'missing', cell: 'features', why: 'has a problem' });
    runner.run('targets');
    await endAll(jobs);
    expect(kinds()).toEqual(['data', 'targets']);
    runner.run('features');
    await pause();
    expect([jobs.length, runner.activityOf('features').state]).toEqual([2, 'idle']);
  });
});
