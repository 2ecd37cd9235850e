import { type Kysely, sql } from 'kysely';

/**
 * Which runs have changed since somebody looked, whoever changed them: each change of a row gives its run the next
 * revision, and a run that is gone keeps its last one. Frozen in time, as 0001.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run_revisions')
    .addColumn('run_id', 'text', (c) => c.primaryKey())
    .addColumn('revision', 'integer', (c) => c.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema.createIndex('run_revisions_order').on('run_revisions').column('revision').unique().execute();
  await sql`insert into run_revisions select id, row_number() over (order by number) from runs`.execute(db);
  for (const [event, row] of [
    ['insert', 'new'],
    ['update', 'new'],
    ['delete', 'old'],
  ])
    await sql`
      create trigger ${sql.id(`runs_${event}_revised`)} after ${sql.raw(event)} on runs begin
        insert into run_revisions (run_id, revision)
        values (${sql.raw(row)}.id, (select coalesce(max(revision), 0) + 1 from run_revisions))
        on conflict (run_id) do update set revision = excluded.revision;
      end`.execute(db);
}
