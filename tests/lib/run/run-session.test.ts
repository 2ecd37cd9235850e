import { describe, expect, it } from 'vitest';
import type { EventBody } from '#core/run/event.ts';
import type { RunDetail } from '#core/run/summary.ts';
import type { FeedEffects } from '#lib/run/feed-effects.ts';
import { emptyRunView } from '#core/run/reduce.ts';
import type { RunListener } from '#lib/live/live-source.ts';
import { RunFeed } from '#lib/run/run-feed.svelte.ts';
import { RunSession } from '#lib/run/run-session.svelte.ts';
import { runSummary } from '#tests/support/run-summary.ts';

const detail: RunDetail = {
  ...runSummary({
    status: 'completed',
    progress: { epoch: 7, epochs: 10, step: 70, steps: 100, samplesPerSecond: 1, etaSeconds: 0 },
    metrics: { latest: { 'val.da': 0.7, 'train.loss': 0.1 }, best: { 'val.da': 0.53, 'train.loss': 'NaN' } },
    bestEpoch: 2,
  }),
  children: [],
  config: {},
  overrides: [],
  source: '',
  lastSeq: 0,
  dataReport: null,
  envelope: { looks: [], after: 0, self: false },
  tried: 0,
};
const silent: FeedEffects['fetch'] = async () => new Response(null, { status: 416 });

/** A session whose feed has got these events. */
async function following(part: Partial<RunDetail>, told: readonly EventBody[]): Promise<RunSession> {
  const events = told.map((body, i) => ({ seq: i + 1, at: '2026-01-01T00:00:00.000Z', attempt: 1, ...body }));
  const answers: Readonly<Record<string, object>> = {
    view: { view: emptyRunView() },
    metrics: { run: 'x', keys: [], series: {}, lastSeq: 0 },
    system: { samples: [], lastSeq: 0 },
    logs: { lines: [], next: 0, lastSeq: 0 },
  };
  const followed = Promise.withResolvers<RunListener>();
  const feed = new RunFeed('x', {
    fetch: async (url) => Response.json(answers[/\/x\/(\w+)/.exec(url)?.[1] ?? '']),
    frame: (draw) => draw(),
    wait: () => () => undefined,
    live: () => ({
      followRun: (_id, _since, listener) => {
        followed.resolve(listener);
        return { close: () => undefined, retry: () => undefined };
      },
      followList: () => ({ close: () => undefined, retry: () => undefined }),
    }),
  });
  feed.open();
  const listener = await followed.promise;
  for (const event of events) listener.events([{ after: event.seq - 1, seq: event.seq, event }]);
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
  await session.readGhost(runSummary({ number: 3, loss }));
  expect(Object.keys(session.ghost?.columns ?? {})).toEqual(names);
});
