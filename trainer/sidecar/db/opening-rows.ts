import { type Kysely, sql } from 'kysely';
import type { Opening } from './run-rows.ts';
import type { Database } from './schema.ts';

/** An opening, and the run through which the rows were seen. */
interface Look extends Opening {
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

/** Looks at test rows, oldest first; those through runs that lie in the bin were looks as well. */
export async function looksAt(db: Kysely<Database>, testKey: string): Promise<readonly Look[]> {
  const rows = await db
    .selectFrom('runs')
    .select(['id', 'number', 'test_opened_at as at', 'test_opened_by as by'])
    .where('test_key', '=', testKey)
    .where('test_opened_at', 'is not', null)
    .orderBy('test_opened_at')
    .orderBy('number')
    .$narrowType<{ at: string }>()
    .execute();
  return rows;
}

/** Runs on these test rows that were created after `at`, those in the bin included. */
export async function countCreatedAfter(db: Kysely<Database>, testKey: string, at: string): Promise<number> {
  const { count } = await db
    .selectFrom('runs')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('test_key', '=', testKey)
    .where('created_at', '>', at)
    .executeTakeFirstOrThrow();
  return count;
}

/** When the test rows of each key were seen first; keys that nobody has seen are left out. */
export async function firstLooks(db: Kysely<Database>): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('runs')
    .select((e) => ['test_key as key', e.fn.min('test_opened_at').as('at')])
    .where('test_key', 'is not', null)
    .where('test_opened_at', 'is not', null)
    .groupBy('test_key')
    .$narrowType<{ key: string; at: string }>()
    .execute();
  return new Map(rows.map(({ key, at }) => [key, at]));
}
