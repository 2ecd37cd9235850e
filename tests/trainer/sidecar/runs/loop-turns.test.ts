import { join } from 'node:path';
import type { SqliteDatabase } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { emptyRunView, reduceRun } from '#core/run/reduce.ts';
import { longRunId, makeLongRun } from '#tests/support/long-run.ts';
import { temporaryFolder } from '#tests/support/temporary-folder.ts';
import { openBetterSqlite } from '#trainer/sidecar/db/better-sqlite.ts';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import { eventsAfter, timesOf } from '#trainer/sidecar/db/event-rows.ts';
import { loopTurn } from '#trainer/sidecar/db/loop-turn.ts';
import { metricKeys } from '#trainer/sidecar/db/point-rows.ts';
import { curveOf, storedCurve } from '#trainer/sidecar/runs/curve.ts';
import { curvesCsv } from '#trainer/sidecar/runs/curves-csv.ts';
import { curvesJson } from '#trainer/sidecar/runs/curves-json.ts';
import { followRun } from '#trainer/sidecar/runs/feed.ts';
import { Hub } from '#trainer/sidecar/runs/hub.ts';
import { readLogLines } from '#trainer/sidecar/runs/log-lines.ts';
import { readSystemSamples } from '#trainer/sidecar/runs/system-samples.ts';
import { ThinCurves } from '#trainer/sidecar/runs/thin-curves.ts';

const events = 12_000;
const whole = { from: 0, to: Number.MAX_SAFE_INTEGER, lastSeq: events };

/** The index of a long run, and the most rows that were read from it in one turn of the event loop since the last look. */
async function openCounted() {
  const home = temporaryFolder();
  await makeLongRun(home, events);
  let [rows, most, isOpen] = [0, 0, true];
  // Begun before anything is read, it comes first in every turn.
  const turn = () => {
    [rows, most] = [0, Math.max(most, rows)];
    if (isOpen) setImmediate(turn);
  };
  setImmediate(turn);
  const count = (database: SqliteDatabase): SqliteDatabase => ({
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text);
      return {
        reader: statement.reader,
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => statement.iterate(parameters),
        all(parameters) {
          const found = statement.all(parameters);
          rows += found.length;
          return found;
        },
      };
    },
  });
  const db = await connectDatabase(join(home, 'runs', 'almanac.db'), async (file) =>
    count(await openBetterSqlite(file)),
  );
  onTestFinished(async () => {
    isOpen = false;
    await db.destroy();
  });
  const mostRows = async <Result>(work: () => Promise<Result>): Promise<{ most: number; result: Result }> => {
    await loopTurn();
    most = 0;
    const result = await work();
    await loopTurn();
    return { most, result };
  };
  return { db, mostRows };
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  return (await Array.fromAsync(pieces)).join('');
}

test('whatever is read of a long run at once, a turn of the loop reads 2,000 rows at most', async () => {
  const { db, mostRows } = await openCounted();
  const curves = new ThinCurves(db);
  const keys = await metricKeys(db, longRunId);
  const times = (seqs: readonly number[]) => timesOf(db, longRunId, seqs);
  const head = { run: longRunId, keys, lastSeq: events };
  const stored = () => keys.map((key) => storedCurve(db, longRunId, key, whole));
  const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
    curves: () => Promise.all(keys.map((key) => curves.read(longRunId, key, events, { ...whole, most: 500 }))),
    json: () => textOf(curvesJson(head, stored(), times)),
    csv: () => textOf(curvesCsv(stored())),
    system: () => readSystemSamples(db, longRunId, events, 400),
    tail: () => readLogLines(db, longRunId, { offset: 0, upTo: events, limit: 1000, isTail: true }),
    log: () => readLogLines(db, longRunId, { offset: 0, upTo: events, limit: 1000 }),
    replay: () =>
      Array.fromAsync(followRun({ db, hub: new Hub(), runId: longRunId, since: 0, signal: AbortSignal.timeout(1e6) })),
  };
  for (const [name, task] of Object.entries(tasks)) {
    const { most } = await mostRows(task);
    expect.soft(most, name).toBeLessThanOrEqual(2000);
    expect.soft(most, name).toBeGreaterThan(0);
  }
  // Four of each at the same time share the turns.
  const all = Array.from({ length: 4 }, () => Object.values(tasks).map((task) => task())).flat();
  expect((await mostRows(() => Promise.all(all))).most).toBeLessThanOrEqual(2000);
  // The count would show it.
  expect((await mostRows(() => eventsAfter(db, longRunId, 0, 5000))).most).toBe(5000);
});

test('the replay of a long run folds to the view that the index has, and its curves to those of the events', async () => {
  const { db } = await openCounted();
  const hub = new Hub();
  const signal = AbortSignal.timeout(1e6);
  const batches = await Array.fromAsync(followRun({ db, hub, runId: longRunId, since: 0, signal }));
  const told = batches.flat().map(({ body }) => JSON.parse(body));
  expect(told).toHaveLength(events);
  const stored = await db.selectFrom('runs').select('view').where('id', '=', longRunId).executeTakeFirstOrThrow();
  expect(JSON.parse(stored.view)).toEqual(told.reduce(reduceRun, emptyRunView()));
});

test('curves that are kept while a run goes on are those that would be read anew', async () => {
  const { db } = await openCounted();
  const kept = new ThinCurves(db);
  const key = 'train.loss';
  for (const lastSeq of [1000, 1001, 1200, 9000, 9000, events]) {
    const range = { from: 0, to: whole.to, most: 60 };
    const now = await kept.read(longRunId, key, lastSeq, range);
    expect(now).toEqual(await new ThinCurves(db).read(longRunId, key, lastSeq, range));
    expect(now.length).toBeLessThanOrEqual(60);
    expect(now.at(-1)?.seq).toBeGreaterThan(lastSeq - 20);
  }
  // An attempt that takes steps again: what was kept of them does not count any more.
  const again = { run_id: longRunId, key, attempt: 2, epoch: 0, value: -5 };
  const values = [10_000, 300_000].map((step, i) => ({ ...again, step, seq: events + 1 + i }));
  await db.insertInto('points').values(values).execute();
  const body = (step: number, seq: number) =>
    JSON.stringify({ seq, at: '', attempt: 2, type: 'metric', step, epoch: 0, values: { [key]: -5 } });
  await db
    .insertInto('events')
    .values(
      values.map(({ step, seq }) => ({
        run_id: longRunId,
        seq,
        attempt: 2,
        type: 'metric',
        at: '',
        body: body(step, seq),
      })),
    )
    .execute();
  const range = { from: 0, to: whole.to, most: 60 };
  const resumed = await kept.read(longRunId, key, events + 2, range);
  expect(resumed).toEqual(await new ThinCurves(db).read(longRunId, key, events + 2, range));
  expect(resumed.filter(({ value }) => value === -5)).toHaveLength(2);
});

test('the CSV of thinned curves goes by steps', async () => {
  const points = (steps: readonly number[]) =>
    steps.map((step) => ({ step, epoch: 1, attempt: 1, seq: step, value: step }));
  const curves = [curveOf('=a', points([1, 4, 5])), curveOf('b,c', points([2, 4])), curveOf('d', [])];
  expect(await textOf(curvesCsv(curves))).toBe(
    [
      'step,epoch,attempt,metric,value',
      "1,1,1,'=a,1",
      '2,1,1,"b,c",2',
      "4,1,1,'=a,4",
      '4,1,1,"b,c",4',
      "5,1,1,'=a,5",
      '',
    ].join('\n'),
  );
});
