import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { valueAt } from '#core/config/document.ts';
import { clearRows } from './log-rows.ts';
import { loopTurn } from './loop-turn.ts';
import type { StoredRun } from './run-rows.ts';
import type { Database } from './schema.ts';

/**
 * What stays of a run that went from the bin for good: its number, which no other run gets, and what counts for others: that
 * it was scored on rows they share, and that its test was seen.
 */
export const emptiedRunSchema = z.object({
  number: z.int(),
  createdAt: z.string(),
  /** Key of the validation rows that it was completed on; null where it was not completed. */
  validation: z.string().nullable(),
  /** The test rows, as in `evaluation`, and the source they are of; null where they are not known. */
  test: z.object({ key: z.string(), source: z.string(), from: z.number(), to: z.number() }).nullable(),
  /** When and through whom its test was seen; null where it was not. */
  opening: z.object({ at: z.string(), by: z.string().nullable() }).nullable(),
});
export type EmptiedRun = z.infer<typeof emptiedRunSchema>;

/** What is to stay of a run. */
export function toEmptied({ number, createdAt, status, view, testKey, config, opening }: StoredRun): EmptiedRun {
  const rows = view.evaluation?.test;
  const source = String(valueAt(config, ['data', 'source']));
  return {
    number,
    createdAt,
    validation: status === 'completed' ? (view.evaluation?.validation.key ?? null) : null,
    test: testKey === null || rows === undefined ? null : { key: testKey, source, from: rows.from, to: rows.to },
    opening,
  };
}

/** Makes these all that is known of emptied runs; one whose folder has come back counts as the run that it is. */
export async function replaceEmptied(db: Kysely<Database>, runs: Readonly<Record<string, EmptiedRun>>): Promise<void> {
  // What is there is there already nearly always, and on a full disk nothing can be written.
  const known = new Set((await db.selectFrom('emptied').select('id').execute()).map(({ id }) => id));
  for (const [id, run] of Object.entries(runs)) {
    const present = await db.selectFrom('runs').select('id').where('id', '=', id).executeTakeFirst();
    if (present === undefined && !known.delete(id)) await db.insertInto('emptied').values(toRow(id, run)).execute();
  }
  for (const id of known) await db.deleteFrom('emptied').where('id', '=', id).execute();
}

/**
 * Takes a run with all that hangs on it out of the index, and puts what stays of it in its place. In pieces, with a turn
 * of the loop between them: a long run has millions of rows.
 */
export async function emptyRows(db: Kysely<Database>, id: string, left: EmptiedRun | null): Promise<void> {
  await clearRows(db, id);
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('keys').where('run_id', '=', id).execute();
    await transaction.deleteFrom('runs').where('id', '=', id).execute();
    await transaction.deleteFrom('emptied').where('id', '=', id).execute();
    if (left !== null) await transaction.insertInto('emptied').values(toRow(id, left)).execute();
  });
}

/** Bytes of rows that live up to which the file of an index without `auto_vacuum` is written anew. */
const smallIndex = 64 << 20;

/** Gives the space of what was deleted back to the disk, in pieces. An index of an older version keeps it where it is large. */
export async function shrinkIndex(db: Kysely<Database>): Promise<void> {
  const ask = async (name: string): Promise<number> => {
    const { rows } = await sql<Record<string, number>>`${sql.raw(`pragma ${name}`)}`.execute(db);
    return Object.values(rows[0] ?? {})[0] ?? 0;
  };
  const free = await ask('freelist_count');
  if ((await ask('auto_vacuum')) === 0) {
    const living = ((await ask('page_count')) - free) * (await ask('page_size'));
    if (living > smallIndex) return;
    await sql`pragma auto_vacuum = incremental`.execute(db);
    await sql`vacuum`.execute(db);
  }
  for (let left = free; left > 0; left -= 500) {
    await db.transaction().execute(async (transaction) => {
      // One call frees one page: the driver takes one step of a statement that answers nothing.
      for (let page = 0; page < Math.min(left, 500); page++)
        await sql`pragma incremental_vacuum(1)`.execute(transaction);
    });
    await loopTurn();
  }
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
}

function toRow(id: string, { number, createdAt, validation, test, opening }: EmptiedRun) {
  return {
    id,
    number,
    created_at: createdAt,
    validation_key: validation,
    test_key: test?.key ?? null,
    source: test?.source ?? null,
    test_from: test?.from ?? null,
    test_to: test?.to ?? null,
    test_opened_at: opening?.at ?? null,
    test_opened_by: opening?.by ?? null,
  };
}
