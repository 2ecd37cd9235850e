import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createTestRun, metricLine, metricLines, runId, type TestRun } from '#tests/support/test-run.ts';
import { eventsAfter } from '#trainer/sidecar/db/event-rows.ts';
import { pointPages } from '#trainer/sidecar/db/point-rows.ts';
import { findRun } from '#trainer/sidecar/db/run-rows.ts';
import { reindex } from '#trainer/sidecar/runs/reindex.ts';

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

test('a log cut at any byte of its last three records is read to its last whole line, and on from there', async () => {
  const run = await createTestRun();
  const whole = readFileSync(run.log, 'utf8') + metricLines(2, 5);
  const start = whole.split('\n').slice(0, 3).join('\n').length + 1;
  for (let cut = start; cut <= whole.length; cut++) {
    await run.db.deleteFrom('runs').execute();
    run.tailer.forget(runId);
    writeFileSync(run.log, whole.slice(0, cut));
    await reindex(run.indexing);
    const lines = whole.slice(0, cut).split('\n').length - 1;
    expect([cut, await seqs(run)]).toEqual([cut, upTo(lines)]);
    appendFileSync(run.log, whole.slice(cut));
    await run.tailer.ingest(runId);
    expect([cut, await seqs(run)]).toEqual([cut, upTo(6)]);
  }
  expect(await quarantined(run)).toEqual([]);
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

test('an index that is wrong about its offset is a loud error and no double', async () => {
  const run = await createTestRun();
  appendFileSync(run.log, metricLines(2, 3));
  await run.tailer.ingest(runId);
  await run.db
    .updateTable('runs')
    .set({ log_offset: 0, view: JSON.stringify({ ...(await findRun(run.db, runId))?.view, lastSeq: 0 }) })
    .execute();
  run.tailer.forget(runId);
  await expect(run.tailer.ingest(runId)).rejects.toThrow(/UNIQUE/);
  expect(await seqs(run)).toEqual(upTo(4));
});

test('a log that became shorter is refused', async () => {
  const run = await createTestRun();
  appendFileSync(run.log, metricLines(2, 3));
  await run.tailer.ingest(runId);
  truncateSync(run.log, 10);
  await expect(run.tailer.ingest(runId)).rejects.toThrow('shorter');
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
  const report = await reindex(run.indexing);
  expect(report).toEqual({ indexed: [runId], failed: [] });
  expect(await rows()).toEqual(before);
});
