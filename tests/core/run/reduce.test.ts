import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventBody, RunEvent } from '#core/run/event.ts';
import { emptyRunView, reduceRun, runViewSchema } from '#core/run/reduce.ts';

const checkpoint = { step: 10, epoch: 1, metric: 'val.loss', value: 0.5, bytes: 1, sha256: 'a' };
const progress = { epoch: 1, epochs: 2, step: 10, steps: 20, samplesPerSecond: 100, etaSeconds: 1 };
const numbers = { da: 0.6, rmse: 0.1 };

const bodies: readonly EventBody[] = [
  { type: 'status', state: 'queued' },
  { type: 'status', state: 'starting' },
  { type: 'status', state: 'running', engine: 'wasm', device: 'WASM SIMD' },
  { type: 'log', level: 'info', message: 'hello' },
  { type: 'metric', step: 1, epoch: 0, values: { 'train.loss': 'NaN', lr: 0.1 } },
  { type: 'progress', ...progress },
  { type: 'metric', step: 10, epoch: 1, values: { 'train.loss': 0.4 } },
  { type: 'metric', step: 10, epoch: 1, values: { 'val.loss': 0.5 } },
  { type: 'checkpoint', name: 'best', ...checkpoint },
  { type: 'metric', step: 10, epoch: 1, values: { 'val.da': 0.55 } },
  { type: 'metric', step: 11, epoch: 1.1, values: { 'train.loss': 0.3 } },
  { type: 'checkpoint', name: 'last', ...checkpoint, step: 20, epoch: 2 },
  { type: 'result', split: 'validation', metrics: { da: 0.55, da_low: 0.5 }, baselines: {}, checks: [] },
  { type: 'result', split: 'test', metrics: numbers, baselines: { zero: { rmse: 0.2 } }, checks: [] },
  { type: 'status', state: 'completed', reason: 'all 2 epochs' },
];

const events: readonly RunEvent[] = bodies.map((body, i) => ({
  seq: i + 1,
  at: `2024-01-01T00:00:${String(i).padStart(2, '0')}.000Z`,
  attempt: 1,
  ...body,
}));

test('the view of a completed run says what its events said', () => {
  const view = events.reduce(reduceRun, emptyRunView());
  expect(view).toMatchObject({
    status: 'completed',
    reason: 'all 2 epochs',
    engine: { name: 'wasm', device: 'WASM SIMD' },
    attempt: 1,
    progress,
    lastSeq: events.length,
    queuedAt: events[0].at,
    startedAt: events[1].at,
    finishedAt: events.at(-1)?.at,
  });
  expect(view.metrics.latest).toEqual({
    'train.loss': 0.3,
    lr: 0.1,
    'val.loss': 0.5,
    'val.da': 0.55,
    'test.da': 0.6,
    'test.rmse': 0.1,
  });
  expect(view.metrics.best).toEqual({
    'train.loss': 0.4,
    'val.loss': 0.5,
    'val.da': 0.55,
    'val.da_low': 0.5,
    'test.da': 0.6,
    'test.rmse': 0.1,
  });
  expect(Object.keys(view.checkpoints)).toEqual(['best', 'last']);
  expect(runViewSchema.parse(JSON.parse(JSON.stringify(view)))).toEqual(view);
});

test('a replay from any event on changes nothing, and no view is changed in place', () => {
  const views = events.reduce((list, event) => [...list, reduceRun(list[list.length - 1], event)], [emptyRunView()]);
  const texts = views.map((view) => JSON.stringify(view));
  const last = views[views.length - 1];
  for (let from = 0; from < events.length; from++) {
    expect(events.slice(from).reduce(reduceRun, last)).toBe(last);
    expect(events.slice(from).reduce(reduceRun, views[from])).toEqual(last);
  }
  expect(views.map((view) => JSON.stringify(view))).toEqual(texts);
});

/** Metrics of four epochs of two steps each, and the checkpoints of the first three: each was the best so far. */
const epochs = [1, 2, 3, 4].flatMap((epoch): EventBody[] => [
  { type: 'metric', step: 2 * epoch - 1, epoch: epoch - 0.5, values: { 'train.loss': 9 } },
  { type: 'metric', step: 2 * epoch, epoch, values: { 'train.loss': 1 / epoch, lr: epoch } },
  { type: 'metric', step: 2 * epoch, epoch, values: { 'val.loss': 2 / epoch, 'val.da': epoch / 8 } },
]);
const saved = [1, 2, 3].map((epoch): EventBody => ({
  type: 'checkpoint',
  name: 'best',
  ...checkpoint,
  step: 2 * epoch,
  epoch,
}));

function fold(told: readonly EventBody[], attempt = 1, before = emptyRunView()) {
  return told
    .map((body, i): RunEvent => ({ seq: before.lastSeq + i + 1, at: '', attempt, ...body }))
    .reduce(reduceRun, before);
}

test('the best values are those of the checkpoint’s own step, however its event and the metrics arrive', () => {
  const places = fc.array(fc.nat(epochs.length), { minLength: saved.length, maxLength: saved.length });
  const orders = fc.tuple(fc.shuffledSubarray(epochs, { minLength: epochs.length }), places);
  fc.assert(
    fc.property(orders, ([metrics, at]) => {
      // Checkpoints are saved one behind the other, so their events keep their order.
      const order = [...at].sort((a, b) => a - b);
      const told = [...metrics];
      for (const [i, place] of [...order.entries()].reverse()) told.splice(place, 0, saved[i]);
      expect(fold(told).metrics.best).toEqual({ 'train.loss': 1 / 3, lr: 3, 'val.loss': 2 / 3, 'val.da': 3 / 8 });
    }),
  );
});

test('a checkpoint that is saved an epoch later has the values of its epoch, also long after it', () => {
  const late = fold([...epochs.slice(0, 6), saved[0]]);
  const own = { 'train.loss': 1, lr: 1, 'val.loss': 2, 'val.da': 1 / 8 };
  expect(late.metrics.best).toEqual(own);
  const more = Array.from({ length: 40 }, (_, i): EventBody => {
    return { type: 'metric', step: 8 + i, epoch: 4 + i, values: { 'val.loss': 3 } };
  });
  const long = fold(more, 1, late);
  expect(long.metrics).toMatchObject({ best: own, latest: { 'val.loss': 3 } });
  expect(long.epochs.length).toBeLessThan(8);
  expect(fold([{ type: 'status', state: 'completed' }], 1, long)).toMatchObject({ epochs: [], metrics: { best: own } });
});

test('of a step that two attempts took the best values are those of the attempt that saved it', () => {
  const first = fold([...epochs.slice(0, 3), saved[0]]);
  const again = fold([{ type: 'metric', step: 2, epoch: 1, values: { 'val.loss': 1.9 } }], 2, first);
  expect(again.metrics).toMatchObject({ best: { 'val.loss': 2 }, latest: { 'val.loss': 1.9 } });
  const values = { 'train.loss': 1, lr: 1, 'val.loss': 1.9, 'val.da': 1 / 8 };
  expect(fold([saved[0]], 2, again).metrics.best).toEqual(values);
});

test('a resumed run is unfinished again and counts its attempts', () => {
  const head = { at: '2024-01-02T00:00:00.000Z', type: 'status' } as const;
  const lost = reduceRun(events.slice(0, 3).reduce(reduceRun, emptyRunView()), {
    ...head,
    seq: 90,
    attempt: 1,
    state: 'interrupted',
    reason: 'gone',
  });
  expect([lost.finishedAt, lost.reason]).toEqual([head.at, 'gone']);
  const again = reduceRun(lost, { ...head, seq: 91, attempt: 2, state: 'queued' });
  expect(again).toMatchObject({
    status: 'queued',
    attempt: 2,
    reason: null,
    finishedAt: null,
    startedAt: events[1].at,
  });
});

test('a view holds the memory as measured and the alerts of the newest attempt', () => {
  const memory = { estimated: 41e6, peak: 37e6, of: 'tensors' as const };
  const system = { type: 'system' as const, cpu: 1, rss: 2, tensors: 3, tensorBytes: 4 };
  const told: readonly (EventBody & { readonly attempt: number })[] = [
    { attempt: 1, ...system, memory },
    { attempt: 1, ...system, gpu: { util: 5 } },
    { attempt: 1, type: 'log', level: 'warn', message: 'only said' },
    { attempt: 1, type: 'log', level: 'warn', message: 'a leak', alert: true },
  ];
  const view = told.map((body, i) => ({ seq: i + 1, at: `${i}`, ...body })).reduce(reduceRun, emptyRunView());
  expect([view.memory, view.alerts]).toEqual([memory, [{ at: '3', message: 'a leak' }]]);
  const next = reduceRun(view, { seq: 5, at: '5', attempt: 2, type: 'status', state: 'starting' });
  expect([next.memory, next.alerts]).toEqual([memory, []]);
});

test('a view stored by an older version is read as one without what came since', () => {
  const { memory: _memory, alerts: _alerts, epochs: _epochs, version: _version, ...old } = emptyRunView();
  expect(runViewSchema.parse(old)).toEqual({ ...emptyRunView(), version: 1 });
});
