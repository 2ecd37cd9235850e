import { describe, expect, it } from 'vitest';
import type { EventBody } from '#core/run/event.ts';
import type { RunDetail } from '#core/run/summary.ts';
import type { FeedEffects } from '#lib/run/feed-effects.ts';
import { RunFeed } from '#lib/run/run-feed.svelte.ts';
import { RunSession } from '#lib/run/run-session.svelte.ts';
import { emptyOpening } from '#tests/support/empty-opening.ts';
import { runDetail, runSummary } from '#tests/support/run-summary.ts';

const detail = runDetail({
  status: 'completed',
  progress: { epoch: 7, epochs: 10, step: 70, steps: 100, samplesPerSecond: 1, etaSeconds: 0 },
  metrics: { latest: { 'val.da': 0.7, 'train.loss': 0.1 }, best: { 'val.da': 0.53, 'train.loss': 'NaN' } },
  bestEpoch: 2,
});
const silent: FeedEffects['fetch'] = async () => new Response(null, { status: 416 });

/** A session whose feed has got these events. */
async function following(
  part: Partial<RunDetail>,
  told: readonly EventBody[],
  options: { readonly isLive?: boolean } = {},
): Promise<RunSession> {
  const events = told.map((body, i) => ({ seq: i + 1, at: '2026-01-01T00:00:00.000Z', attempt: 1, ...body }));
  const { followed, ...opening } = emptyOpening();
  const feed = new RunFeed('x', { ...opening, frame: (draw) => draw(), wait: () => () => undefined });
  feed.open();
  const listener = await followed;
  for (const event of events) listener.events([{ after: event.seq - 1, seq: event.seq, event }]);
  if (options.isLive === true) listener.opened();
  feed.close();
  return new RunSession({ ...detail, ...part }, silent, feed);
}

const saved = { name: 'best', step: 1, epoch: 1, metric: 'val.loss', value: 0.5, bytes: 1, sha256: 'a' };
const training: readonly EventBody[] = [
  { type: 'status', state: 'running', engine: 'wasm', device: 'WASM' },
  { type: 'metric', step: 1, epoch: 1, values: { 'val.loss': 0.5 } },
  { type: 'metric', step: 2, epoch: 2, values: { 'val.loss': 0.6 } },
  { type: 'checkpoint', ...saved },
  { type: 'metric', step: 3, epoch: 2.5, values: { 'train.loss': 0.3 } },
];

describe('the figures of a run', () => {
  it('are those of the scored model once it has ended, and say so', () => {
    const session = new RunSession(detail, silent);
    expect(session.figuresOf).toBe('best epoch 2 of 7');
    expect([session.figure('val.da'), session.figure('train.loss'), session.figure('lr')]).toEqual([0.53, NaN, null]);
  });

  it('are the newest while it trains, named with the epoch that was validated', async () => {
    const session = await following({ status: 'running' }, training);
    expect(session.figuresOf).toBe('newest values, validation of epoch 2');
    expect([session.figure('val.loss'), session.figure('train.loss')]).toEqual([0.6, 0.3]);
    const ended = await following({ status: 'running', progress: null }, [
      ...training,
      { type: 'status', state: 'completed' },
    ]);
    expect(ended.figuresOf).toBe('best epoch 1');
    expect(ended.figure('val.loss')).toBe(0.5);
    expect(ended.summary).toMatchObject({ status: 'completed', bestEpoch: 1, metrics: { best: { 'val.loss': 0.5 } } });
  });

  it('are the newest of a run that died before a checkpoint', () => {
    const dead = new RunSession({ ...detail, status: 'failed', bestEpoch: null }, silent);
    expect([dead.figuresOf, dead.figure('train.loss')]).toEqual(['newest values', 0.1]);
    const empty = { latest: {}, best: {} };
    expect(new RunSession({ ...detail, metrics: empty, bestEpoch: null }, silent).figuresOf).toBeNull();
  });
});

it.each([
  ['the same loss', 'mse of return', ['val.loss', 'val.da', 'val.f1', 'val.rmse']],
  ['another loss', 'mae of return', ['val.da', 'val.f1', 'val.rmse']],
  ['a loss that is not known', null, ['val.da', 'val.f1', 'val.rmse']],
])('the curves of a parent with %s are drawn behind its own', async (_, loss, names) => {
  const answer = async (input: string) => {
    const keys = new URL(String(input), 'http://x').searchParams.get('keys')?.split(',') ?? [];
    const column = { step: [1], epoch: [1], value: [0.5], time: [0], attempt: [1] };
    const series = Object.fromEntries(keys.map((key) => [key, column]));
    return Response.json({ run: 'x', keys, series, lastSeq: 1 });
  };
  const session = new RunSession({ ...detail, loss: 'mse of return' }, answer);
  await session.readGhost(runSummary({ number: 3, loss, startedAt: '1970-01-01T00:00:02.000Z' }));
  expect(Object.keys(session.ghost?.columns ?? {})).toEqual(names);
  expect(session.ghost?.startedAt).toBe(2000);
});

describe('a run that says nothing', () => {
  /** Lets a session wait for events: what it would be told after so many ms. */
  function awaited(session: RunSession): readonly { readonly ms: number; readonly pass: () => void }[] {
    const waits: { ms: number; pass: () => void }[] = [];
    session.awaitEvents((ms, pass) => {
      waits.push({ ms, pass });
      return () => undefined;
    });
    return waits;
  }

  it('is stalled after 30 s on a page that hears it, until the next event', async () => {
    const session = await following({ status: 'running' }, training, { isLive: true });
    const [wait] = awaited(session);
    expect([wait.ms, session.stalledSince]).toEqual([30_000, null]);
    wait.pass();
    expect(session.stalledSince).toMatch(/^\d{4}-.*Z$/);
    expect(session.summary.stalledSince).toBe(session.stalledSince);
    awaited(session);
    expect(session.stalledSince).toBeNull();
  });

  it('is not called stalled where the page cannot hear it, or it is not at work', async () => {
    expect(awaited(await following({ status: 'running' }, training))).toEqual([]);
    const paused = await following({ status: 'running' }, [...training, { type: 'status', state: 'paused' }], {
      isLive: true,
    });
    expect(awaited(paused)).toEqual([]);
  });

  it('is stalled on a page that opens later, as the server says, until it speaks', async () => {
    const stalled = { status: 'running', stalledSince: '2026-01-01T00:00:00.000Z' } as const;
    const before = await following({ ...stalled, lastSeq: training.length }, training);
    expect(before.stalledSince).toBe(stalled.stalledSince);
    const after = await following({ ...stalled, lastSeq: training.length - 1 }, training);
    expect(after.stalledSince).toBeNull();
  });
});

describe('a run that has ended', () => {
  it.each(['failed', 'cancelled', 'interrupted'] as const)('as %s may be resumed, and nothing else', async (state) => {
    const session = await following({ status: 'running' }, [...training, { type: 'status', state, reason: 'why' }]);
    expect((['resume', 'pause', 'cancel', 'checkpoint'] as const).filter((action) => session.may(action))).toEqual([
      'resume',
    ]);
    expect([session.reason, session.resumesFrom]).toEqual(['why', 'from its best checkpoint']);
  });

  it('may not be resumed where it is completed', () => {
    expect(new RunSession(detail, silent).may('resume')).toBe(false);
  });

  it('and is resumed has no reason and no end, and goes on from what it had', async () => {
    const session = await following({ status: 'running' }, [
      ...training,
      { type: 'status', state: 'cancelled', reason: 'why' },
      { type: 'status', state: 'queued', reason: 'Resumed.' },
      { type: 'status', state: 'starting' },
      { type: 'status', state: 'running', engine: 'wasm', device: 'WASM' },
      { type: 'metric', step: 3, epoch: 3, values: { 'val.loss': 0.4 } },
      { type: 'checkpoint', ...saved, step: 3, epoch: 3, value: 0.4 },
    ]);
    expect([session.status, session.reason, session.finishedAt]).toEqual(['running', null, null]);
    expect([session.bestEpoch, session.metrics.best]).toEqual([3, { 'val.loss': 0.4 }]);
  });
});
