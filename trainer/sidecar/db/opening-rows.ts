import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import { valueAt } from '#core/config/document.ts';
import type { Opening, StoredRun } from './run-rows.ts';
import type { Database } from './schema.ts';

/** An opening, and the run through which the rows were seen. */
interface Look extends Opening {
  readonly id: string;
  readonly number: number;
  /** Whether they were the same rows with the same labels; else some of them, under another split or other labels. */
  readonly same: boolean;
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

/** Test rows of a run: which they are, and where they lie, so that others are known that overlap them. */
interface TestRows {
  readonly key: string;
  /** `data.source`. */
  readonly source: string;
  /** Opening times of the first and the last bar, ms UTC. */
  readonly from: number;
  readonly to: number;
}

/** The test rows of a run; null where they are not known. */
export function testRowsOf({ testKey, config, view }: StoredRun): TestRows | null {
  const rows = view.evaluation?.test;
  if (testKey === null || rows === undefined) return null;
  return { key: testKey, source: String(valueAt(config, ['data', 'source'])), from: rows.from, to: rows.to };
}

/** Whether who saw the one has seen some of the other: the same rows, or bars of one source at the same time. */
export function isOverlapping(one: TestRows, other: TestRows): boolean {
  return one.key === other.key || (one.source === other.source && one.from <= other.to && one.to >= other.from);
}

const source = sql<string>`json_extract(config, '$.data.source')`;
const from = sql<number>`json_extract(view, '$.evaluation.test.from')`;
const to = sql<number>`json_extract(view, '$.evaluation.test.to')`;

/** `isOverlapping` of each run and these rows. */
function overlaps(rows: TestRows) {
  return (e: ExpressionBuilder<Database, 'runs'>) =>
    e.or([
      e('test_key', '=', rows.key),
      e.and([e(source, '=', rows.source), e(from, '<=', rows.to), e(to, '>=', rows.from)]),
    ]);
}

/** Looks at test rows or at some of them, oldest first; those through runs that lie in the bin were looks as well. */
export async function looksAt(db: Kysely<Database>, rows: TestRows): Promise<readonly Look[]> {
  const found = await db
    .selectFrom('runs')
    .select(['id', 'number', 'test_opened_at as at', 'test_opened_by as by', 'test_key as key'])
    .where(overlaps(rows))
    .where('test_opened_at', 'is not', null)
    .orderBy('test_opened_at')
    .orderBy('number')
    .$narrowType<{ at: string }>()
    .execute();
  return found.map(({ key, ...look }) => ({ ...look, same: key === rows.key }));
}

/** Runs on these test rows, or on some of them, that were created after `at`, those in the bin included. */
export async function countCreatedAfter(db: Kysely<Database>, rows: TestRows, at: string): Promise<number> {
  const { count } = await db
    .selectFrom('runs')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where(overlaps(rows))
    .where('created_at', '>', at)
    .executeTakeFirstOrThrow();
  return count;
}

/** All test rows that anybody has seen, and when. */
export async function seenRows(db: Kysely<Database>): Promise<readonly (TestRows & { readonly at: string })[]> {
  return db
    .selectFrom('runs')
    .select(['test_key as key', source.as('source'), from.as('from'), to.as('to'), 'test_opened_at as at'])
    .where('test_key', 'is not', null)
    .where('test_opened_at', 'is not', null)
    .$narrowType<{ key: string; at: string }>()
    .execute();
}
