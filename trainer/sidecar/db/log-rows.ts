import { type Kysely, sql } from 'kysely';
import { emptyRunView, type RunView, runViewSchema } from '#core/run/reduce.ts';
import { loopTurn, rowsATurn } from './loop-turn.ts';
import { unreadable, viewColumns } from './run-rows.ts';
import type { Database } from './schema.ts';

/** Where the index stands in the log of a run. */
export interface LogPosition {
  readonly offset: number;
  /** sha256 of the last bytes before it; null where it is not known. */
  readonly tail: string | null;
  readonly view: RunView;
}

/** Undefined where there is no such run. */
export async function findLogPosition(db: Kysely<Database>, id: string): Promise<LogPosition | undefined> {
  const row = await db
    .selectFrom('runs')
    .select(['log_offset', 'log_tail', 'view'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    offset: row.log_offset,
    tail: row.log_tail,
    // A start asks for the position of every run, and for the view of the few whose logs have something new.
    get view() {
      return runViewSchema.parse(JSON.parse(row.view));
    },
  };
}

/**
 * Puts a run back to where nothing of its log is in the index, and says why. Its rows stay until `clearRows`, which
 * whoever reads a log from its beginning calls first: removing a million takes many turns.
 */
export async function startLogAnew(db: Kysely<Database>, id: string, damage: string): Promise<void> {
  await db
    .updateTable('runs')
    .set({ ...viewColumns(emptyRunView()), log_offset: 0, log_tail: null, quarantined: 0, damage })
    .where('id', '=', id)
    .execute();
}

/** Removes all rows of a log, some a turn. */
export async function clearRows(db: Kysely<Database>, id: string): Promise<void> {
  const removals = [
    sql`delete from events where run_id = ${id} and seq <= (
      select max(seq) from (select seq from events where run_id = ${id} order by seq limit ${rowsATurn}))`,
    sql`delete from points where run_id = ${id} and (key, step, attempt, seq) in (
      select key, step, attempt, seq from points where run_id = ${id} limit ${rowsATurn})`,
    sql`delete from quarantine where run_id = ${id} and log_offset in (
      select log_offset from quarantine where run_id = ${id} limit ${rowsATurn})`,
  ];
  for (const removal of removals) {
    while (((await removal.execute(db)).numAffectedRows ?? 0n) > 0n) await loopTurn();
  }
}

/** Says what is wrong with a log that cannot be read at all. */
export async function markUnreadable(db: Kysely<Database>, id: string, view: RunView, damage: string): Promise<void> {
  await db
    .updateTable('runs')
    .set({ ...viewColumns(view), log_tail: unreadable, damage })
    .where('id', '=', id)
    .execute();
}
