import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTestRun, runId } from '#tests/support/test-run.ts';
import { findRun, replaceView } from '#trainer/sidecar/db/run-rows.ts';

const head = { at: '2024-01-01T00:00:00.000Z', attempt: 1 };
const checkpoint = { name: 'best', step: 2, epoch: 1, metric: 'val.loss', value: 0.5, bytes: 1, sha256: 'a' };
const log = [
  { seq: 1, ...head, type: 'metric', step: 2, epoch: 1, values: { 'val.loss': 0.5 } },
  { seq: 2, ...head, type: 'metric', step: 4, epoch: 2, values: { 'val.loss': 0.7 } },
  { seq: 3, ...head, type: 'checkpoint', ...checkpoint },
];

test('a view that an older version stored is folded again from the events, once', async () => {
  const run = await createTestRun();
  writeFileSync(run.log, log.map((event) => `${JSON.stringify(event)}\n`).join(''));
  const { view } = await run.tailer.ingest(runId);
  const { version: _version, ...unversioned } = view;
  const wrong = { ...unversioned, metrics: { ...view.metrics, best: { 'val.loss': 0.7 } } };
  await run.db
    .updateTable('runs')
    .set({ view: JSON.stringify(wrong) })
    .execute();
  await run.newIndexer().start();
  expect((await findRun(run.db, runId))?.view).toEqual(view);
  expect(view.metrics.best).toEqual({ 'val.loss': 0.5 });
});

test('what is asked of a view in columns of its own follows when it is folded again', async () => {
  const run = await createTestRun();
  const rows = { from: 1, to: 2, rows: 2, horizon: 1 };
  const evaluation = { validation: { key: 'v', ...rows }, test: { key: 't', ...rows } };
  const begun = { seq: 1, ...head, type: 'status', state: 'running', engine: 'wasm', device: 'cpu', evaluation };
  writeFileSync(run.log, `${JSON.stringify(begun)}\n`);
  const { view } = await run.tailer.ingest(runId);
  const { version: _version, evaluation: _evaluation, ...older } = view;
  await run.db
    .updateTable('runs')
    .set({ view: JSON.stringify(older), validation_key: null, test_key: null })
    .execute();
  await run.newIndexer().start();
  expect((await findRun(run.db, runId))?.testKey).toBe('t');
});

test('a view is not replaced by one of fewer events', async () => {
  const run = await createTestRun();
  writeFileSync(run.log, `${JSON.stringify(log[0])}\n`);
  const { view } = await run.tailer.ingest(runId);
  expect(await replaceView(run.db, runId, { ...view, lastSeq: 0 })).toBe(false);
});
