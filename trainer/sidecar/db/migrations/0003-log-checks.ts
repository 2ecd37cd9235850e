import { type Kysely, sql } from 'kysely';

/** What tells whether a log is still the one that was indexed, and what was found wrong with it. Frozen in time, as 0001. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('log_tail', 'text').execute();
  await db.schema.alterTable('runs').addColumn('damage', 'text').execute();
  await db.schema
    .alterTable('runs')
    .addColumn('quarantined', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`update runs set quarantined = (select count(*) from quarantine where run_id = runs.id)`.execute(db);
}
