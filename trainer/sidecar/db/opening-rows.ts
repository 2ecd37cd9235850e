import { type Kysely, sql } from 'kysely';
import type { Opening } from './run-rows.ts';
import type { Database } from './schema.ts';

/** Test rows of a run: which they are, and where they lie, so that others are known that overlap them. */
export interface TestRows {
  readonly key: string;
  /** `data.source`. */
  readonly source: string;
  /** Opening times of the first and the last bar, ms UTC. */
  readonly from: number;
  readonly to: number;
}

/** Test rows that somebody has seen, and the run through which they were seen. */
export interface OpenedRows extends TestRows, Opening {
  readonly id: string;
  readonly number: number;
}

/** Records that the test of a run was opened. */
export async function setOpening(db: Kysely<Database>, id: string, { at, by }: Opening): Promise<void> {
  await db.updateTable('runs').set({ test_opened_at: at, test_opened_by: by }).where('id', '=', id).execute();
}

/** Where `data.split.sealed` is false the test is seen as soon as it is scored. */
export async function openUnsealed(db: Kysely<Database>, id: string, at: string): Promise<void> {
  await db
    .updateTable('runs')
    .set({ test_opened_at: at })
    .where('id', '=', id)
    .where('test_opened_at', 'is', null)
    .where(sql`json_extract(config, '$.data.split.sealed')`, '=', 0)
    .execute();
}

/** All test rows that anybody has seen, oldest look first; those through runs that lie in the bin, or did, were looks as well. */
export async function openedRows(db: Kysely<Database>): Promise<readonly OpenedRows[]> {
  return selectTestRows(db)
    .select(['id', 'number', 'at', 'by'])
    .where('at', 'is not', null)
    .orderBy('at')
    .orderBy('number')
    .$narrowType<{ at: string }>()
    .execute();
}

/** Test rows of the runs that were created after `at`, those in the bin, and those that went from it, included. */
export async function testRowsAfter(db: Kysely<Database>, at: string): Promise<readonly TestRows[]> {
  return selectTestRows(db).where('created_at', '>', at).execute();
}

/** The test rows of every run of which they are known. */
function selectTestRows(db: Kysely<Database>) {
  const living = db
    .selectFrom('runs')
    .select([
      'id',
      'number',
      'created_at',
      'test_opened_at as at',
      'test_opened_by as by',
      'test_key as key',
      sql<string>`json_extract(config, '$.data.source')`.as('source'),
      sql<number>`json_extract(view, '$.evaluation.test.from')`.as('from'),
      sql<number>`json_extract(view, '$.evaluation.test.to')`.as('to'),
    ])
    .where('test_key', 'is not', null)
    .$narrowType<{ key: string }>();
  const emptied = db
    .selectFrom('emptied')
    .select([
      'id',
      'number',
      'created_at',
      'test_opened_at as at',
      'test_opened_by as by',
      'test_key as key',
      'source',
      'test_from as from',
      'test_to as to',
    ])
    .where('test_key', 'is not', null)
    .$narrowType<{ key: string; source: string; from: number; to: number }>();
  return db.selectFrom(living.unionAll(emptied).as('rows')).select(['key', 'source', 'from', 'to']);
}
