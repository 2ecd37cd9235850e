import { sql } from 'kysely';
import { defaultConfig } from '#core/config/compile.ts';
import { toFile } from '#core/config/config-file.ts';
import { emptyRunView, reduceRun } from '#core/run/reduce.ts';
import { connectDatabase, durably } from '#trainer/sidecar/db/connect.ts';
import { eventsAfter, storeBatch } from '#trainer/sidecar/db/event-rows.ts';
import { findKey, insertKey } from '#trainer/sidecar/db/key-rows.ts';
import { metricKeys, pointPages } from '#trainer/sidecar/db/point-rows.ts';
import { setOpening } from '#trainer/sidecar/db/opening-rows.ts';
import { findRun, insertRun, listRuns, nextNumber } from '#trainer/sidecar/db/run-rows.ts';
import { toNewRow } from '#trainer/sidecar/runs/index-run.ts';
import { runRecord } from './run-record.ts';

/** What every driver must do with the index: one list of cases for Node and Deno. A case throws where it fails. */
type OpenSqlite = NonNullable<Parameters<typeof connectDatabase>[1]>;

export const databaseCases: Readonly<Record<string, (file: string, open: OpenSqlite) => Promise<void>>> = {
  async 'keeps runs, events and points over a reopening'(file, open) {
    const first = await connectDatabase(file, open);
    await fill(first);
    await first.destroy();
    const second = await connectDatabase(file, open);
    const run = await findRun(second, id);
    equal([run?.status, run?.logOffset, run?.tags], ['queued', 100, ['tag']]);
    equal(
      (await eventsAfter(second, id, 0, 10)).map(({ seq }) => seq),
      [1, 2],
    );
    equal(await metricKeys(second, id), ['train.loss']);
    const pages = await Array.fromAsync(pointPages(second, id, 'train.loss', { from: 0, to: 9, lastSeq: 2 }));
    equal(
      pages.flat().map(({ value }) => String(value)),
      ['NaN'],
    );
    equal(await nextNumber(second), 8);
    await second.destroy();
  },
  async 'stores a batch once or not at all'(file, open) {
    const db = await connectDatabase(file, open);
    await fill(db);
    const view = (await findRun(db, id))?.view ?? emptyRunView();
    let refused = 0;
    for (const from of [0, 100]) {
      const batch = { runId: id, events: [{ event: metric, body: '{}' }], bad: [], view, from, to: 200, tail: 'x' };
      await storeBatch(db, batch).catch(() => refused++);
    }
    equal([refused, (await findRun(db, id))?.logOffset], [2, 100]);
    await db.destroy();
  },
  async 'takes back what a failed durable transaction did'(file, open) {
    const db = await connectDatabase(file, open);
    const failed = durably(db, async (transaction) => {
      await insertKey(transaction, { key: 'k', body_sha256: 'a', run_id: id, created_at: 'now' });
      throw new Error('on purpose');
    });
    equal(await failed.catch((error: Error) => error.message), 'on purpose');
    equal(await findKey(db, 'k'), undefined);
    await db.destroy();
  },
  async 'finds runs by text that has meaning in SQL and JSON'(file, open) {
    const db = await connectDatabase(file, open);
    await fill(db);
    const page = { sort: '-number', limit: 10, offset: 0 } as const;
    for (const search of ["it's 100%", '"_"', 'nothing']) {
      equal((await listRuns(db, { ...page, search })).length, search === 'nothing' ? 0 : 1);
    }
    equal((await listRuns(db, { ...page, tag: 'tag' })).length, 1);
    equal((await listRuns(db, { ...page, tag: 'ta' })).length, 0);
    await db.destroy();
  },
  async 'brings an index of the first version to this one'(file, open) {
    const old = await connectDatabase(file, open);
    await fill(old);
    await sql`drop index runs_opened`.execute(old);
    await sql`drop index runs_validation`.execute(old);
    for (const column of [
      ...['validation_key', 'test_key', 'test_opened_at', 'test_opened_by'],
      ...['log_tail', 'damage', 'quarantined'],
      ...['conclusion', 'concluded_at', 'starred', 'archived', 'prose'],
    ])
      await sql`alter table runs drop column ${sql.ref(column)}`.execute(old);
    for (const change of ['insert', 'update', 'delete'])
      await sql`drop trigger ${sql.ref(`runs_${change}_revised`)}`.execute(old);
    for (const table of ['emptied', 'comparisons', 'run_revisions'])
      await sql`drop table ${sql.table(table)}`.execute(old);
    await sql`delete from kysely_migration where name > '0001-runs'`.execute(old);
    await old.destroy();
    const db = await connectDatabase(file, open);
    const run = await findRun(db, id);
    equal([run?.logOffset, run?.testKey, run?.opening], [100, null, null]);
    await setOpening(db, id, { at: head.at, by: 'ada' });
    equal((await findRun(db, id))?.opening, { at: head.at, by: 'ada' });
    await db.destroy();
  },
};

const id = '01aaaaaaaaaaaaaaaaaaaa';
const head = { at: '2024-01-01T00:00:00.000Z', attempt: 1 };
const queued = { seq: 1, ...head, type: 'status', state: 'queued' } as const;
const metric = { seq: 2, ...head, type: 'metric', step: 1, epoch: 0, values: { 'train.loss': 'NaN' } } as const;

async function fill(db: Awaited<ReturnType<typeof connectDatabase>>): Promise<void> {
  const record = runRecord({ id, number: 7, name: `it's 100% "_" a name`, tags: ['tag'], createdAt: head.at });
  await insertRun(db, toNewRow(record, toFile(defaultConfig()), []));
  const view = [queued, metric].reduce(reduceRun, emptyRunView());
  const events = [queued, metric].map((event) => ({ event, body: JSON.stringify(event) }));
  await storeBatch(db, { runId: id, events, bad: [], view, from: 0, to: 100, tail: 'x' });
}

function equal(found: unknown, expected: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`expected ${b}, received ${a}`);
}
