import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scale } from '#tests/support/scale.ts';
import { createTestRun, metricLine, metricLines, runId, type TestRun } from '#tests/support/test-run.ts';
import { eventsAfter } from '#trainer/sidecar/db/event-rows.ts';
import { startLogAnew } from '#trainer/sidecar/db/log-rows.ts';
import { pointPages } from '#trainer/sidecar/db/point-rows.ts';
import { findRun } from '#trainer/sidecar/db/run-rows.ts';
import { Tailer } from '#trainer/sidecar/runs/tailer.ts';

async function seqs(run: TestRun): Promise<readonly number[]> {
  return (await eventsAfter(run.db, runId, 0, 100_000)).map(({ seq }) => seq);
}

/** Lines of the log that are no event. */
function quarantined(run: TestRun) {
  const rows = run.db.selectFrom('quarantine').select(['log_offset', 'bytes', 'reason']);
  return rows.where('run_id', '=', runId).orderBy('log_offset').execute();
}

function upTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}

/** A log of six events, and where its last three begin. */
function sixEvents(run: TestRun) {
  const whole = readFileSync(run.log, 'utf8') + metricLines(2, 5);
  return { whole, start: whole.split('\n').slice(0, 3).join('\n').length + 1 };
}
/** Bytes from one cut to the next: one of all tests, a few of the small selection. */
const stride = scale(1, 23);
const wholeLines = (text: string) => text.split('\n').length - 1;

test('a log cut at any byte of its last three records is read to its last whole line, and on from there', async () => {
  const run = await createTestRun();
  const { whole, start } = sixEvents(run);
  for (let cut = start; cut <= whole.length; cut += stride) {
    // The index is behind: it has read the first three.
    await run.db.deleteFrom('runs').execute();
    run.tailer.forget(runId);
    writeFileSync(run.log, whole.slice(0, start));
    await run.newIndexer().start();
    writeFileSync(run.log, whole.slice(0, cut));
    await run.tailer.ingest(runId);
    expect([cut, await seqs(run)]).toEqual([cut, upTo(wholeLines(whole.slice(0, cut)))]);
    appendFileSync(run.log, whole.slice(cut));
    const { view } = await run.tailer.ingest(runId);
    expect([cut, await seqs(run), view.lastSeq]).toEqual([cut, upTo(6), 6]);
    expect((await findRun(run.db, runId))?.damage).toBeNull();
  }
  expect(await quarantined(run)).toEqual([]);
});

test('a log cut at any byte of its last three records below what was indexed is indexed anew, and the run says so', async () => {
  const run = await createTestRun();
  const { whole, start } = sixEvents(run);
  for (const how of ['the same tailer', 'a new start'] as const) {
    for (let cut = start; cut < whole.length; cut += stride) {
      writeFileSync(run.log, whole);
      await run.tailer.ingest(runId);
      expect([cut, await seqs(run)]).toEqual([cut, upTo(6)]);
      writeFileSync(run.log, whole.slice(0, cut));
      if (how === 'a new start') {
        run.tailer.forget(runId);
        await run.newIndexer().start();
      } else await run.tailer.ingest(runId);
      const left = wholeLines(whole.slice(0, cut));
      expect([how, cut, await seqs(run)]).toEqual([how, cut, upTo(left)]);
      const found = await findRun(run.db, runId);
      expect(found?.view.lastSeq).toBe(left);
      expect(found?.damage).toContain(`shorter than what had been read of it (${cut} of ${whole.length} bytes)`);
      await run.db.updateTable('runs').set({ damage: null }).execute();
    }
  }
  expect(await quarantined(run)).toEqual([]);
});

test('an older log that has grown longer than what was indexed is noticed, too', async () => {
  const run = await createTestRun();
  const { whole, start } = sixEvents(run);
  writeFileSync(run.log, whole);
  await run.tailer.ingest(runId);
  const other = whole.slice(0, start) + metricLines(4, 20, 'val.loss');
  writeFileSync(run.log, other);
  run.tailer.forget(runId);
  await run.newIndexer().start();
  expect(await seqs(run)).toEqual(upTo(23));
  const steps = await run.db.selectFrom('points').select('step').where('key', '=', 'train.loss').execute();
  expect(steps).toEqual([{ step: 2 }, { step: 3 }]);
  expect((await findRun(run.db, runId))?.damage).toContain('another one than had been read');
});

test('lines that are no event are counted with their place and hide no other', async () => {
  const run = await createTestRun();
  const bad = [
    '',
    'not json',
    '\0\0\0\0',
    '{"seq":3}',
    metricLine(1),
    JSON.stringify({ ...JSON.parse(metricLine(9)), type: 'new' }),
  ];
  appendFileSync(run.log, `${metricLine(2)}\n${bad.map((line) => `${line}\n`).join('')}${metricLine(3)}\n`);
  await run.tailer.ingest(runId);
  expect(await seqs(run)).toEqual([1, 2, 3]);
  const found = await quarantined(run);
  const text = readFileSync(run.log);
  expect(found.map(({ log_offset, bytes }) => text.toString('utf8', log_offset, log_offset + bytes - 1))).toEqual(bad);
  expect(found[4].reason).toBe('seq 1 after 2');
});

test('a line of many megabytes is passed over without being held, even while it is being written', async () => {
  const run = await createTestRun();
  for (let i = 0; i < 5; i++) {
    appendFileSync(run.log, 'x'.repeat(1 << 20));
    await run.tailer.ingest(runId);
  }
  appendFileSync(run.log, `\n${metricLine(2)}\n`);
  await run.tailer.ingest(runId);
  expect(await seqs(run)).toEqual([1, 2]);
  expect(await quarantined(run)).toMatchObject([{ bytes: (5 << 20) + 1, reason: 'longer than 1 MB' }]);
});

test('two that read one log at once do not double an event', async () => {
  const run = await createTestRun();
  appendFileSync(run.log, metricLines(2, 5000));
  await Promise.all(Array.from({ length: 8 }, () => run.tailer.ingest(runId)));
  expect(await seqs(run)).toEqual(upTo(5001));
  expect((await findRun(run.db, runId))?.logOffset).toBe(readFileSync(run.log).length);
});

test('an index that is wrong about its offset is put right, and no event is doubled', async () => {
  const run = await createTestRun();
  appendFileSync(run.log, metricLines(2, 3));
  await run.tailer.ingest(runId);
  await run.db
    .updateTable('runs')
    .set({ log_offset: 0, view: JSON.stringify({ ...(await findRun(run.db, runId))?.view, lastSeq: 0 }) })
    .execute();
  run.tailer.forget(runId);
  await run.tailer.ingest(runId);
  expect(await seqs(run)).toEqual(upTo(4));
});

test('a log that is gone holds nothing, and the run says so', async () => {
  const run = await createTestRun();
  appendFileSync(run.log, metricLines(2, 3));
  await run.tailer.ingest(runId);
  rmSync(run.log);
  expect((await run.tailer.ingest(runId)).view.lastSeq).toBe(0);
  expect(await seqs(run)).toEqual([]);
  expect((await findRun(run.db, runId))?.damage).toContain('found gone');
});

test('a reading anew that was cut off is begun again and doubles nothing', async () => {
  const run = await createTestRun();
  appendFileSync(run.log, metricLines(2, 3));
  await run.tailer.ingest(runId);
  await startLogAnew(run.db, runId, 'on purpose');
  run.tailer.forget(runId);
  await run.tailer.ingest(runId);
  expect(await seqs(run)).toEqual(upTo(4));
});

test('at most 2,000 rows are stored in a turn of the event loop', async () => {
  const run = await createTestRun();
  const rows: number[] = [];
  let stored = 0;
  const tailer = new Tailer({
    db: run.db,
    runsFolder: run.runsFolder,
    publish: (_id, events) => (stored += events.reduce((sum, { type }) => sum + (type === 'metric' ? 2 : 1), 0)),
  });
  appendFileSync(run.log, metricLines(2, 10_000));
  let isOver = false;
  const reading = tailer.ingest(runId).finally(() => (isOver = true));
  for (let before = 0; !isOver; before = stored) {
    await new Promise((done) => setImmediate(done));
    rows.push(stored - before);
  }
  await reading;
  expect(stored).toBe(20_001);
  expect(Math.max(...rows)).toBeLessThanOrEqual(2000);
});

test('non-finite metrics come back as they were, and of a step that two attempts took the later counts', async () => {
  const run = await createTestRun();
  const at = '2024-01-01T00:00:01.000Z';
  const points = [
    [1, 1, 1],
    [1, 2, 'NaN'],
    [1, 3, 'Infinity'],
    [2, 2, 20],
    [2, 4, '-Infinity'],
  ] as const;
  points.forEach(([attempt, step, value], i) => {
    appendFileSync(
      run.log,
      `${JSON.stringify({ seq: i + 2, at, attempt, type: 'metric', step, epoch: 0, values: { x: value } })}\n`,
    );
  });
  await run.tailer.ingest(runId);
  const pages = await Array.fromAsync(pointPages(run.db, runId, 'x', { from: 0, to: 100, lastSeq: 6 }));
  const found = pages.flat();
  expect(found.map(({ step, attempt, value }) => [step, attempt, value])).toEqual([
    [1, 1, 1],
    [2, 2, 20],
    [3, 1, Infinity],
    [4, 2, -Infinity],
  ]);
});

test('an index that is built again from the folders has the same rows', async () => {
  const run = await createTestRun();
  appendFileSync(run.log, `${metricLines(2, 50)}broken\n${metricLines(52, 50)}{"torn":`);
  await run.tailer.ingest(runId);
  const rows = async () => ({
    runs: await run.db.selectFrom('runs').selectAll().execute(),
    events: await run.db.selectFrom('events').selectAll().orderBy('seq').execute(),
    points: await run.db.selectFrom('points').selectAll().orderBy('seq').execute(),
    quarantine: await run.db.selectFrom('quarantine').selectAll().execute(),
  });
  const before = await rows();
  expect(before.events).toHaveLength(101);
  const report = await run.newIndexer().reindex();
  expect(report).toEqual({ indexed: [runId], failed: [] });
  expect(await rows()).toEqual(before);
});
