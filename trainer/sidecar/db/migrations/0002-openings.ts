import { type Kysely, sql } from 'kysely';

/** Which rows a run is scored on, and who opened its test. Frozen in time, as 0001. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // SQLite adds one column a statement.
  for (const column of ['validation_key', 'test_key', 'test_opened_at', 'test_opened_by']) {
    await db.schema.alterTable('runs').addColumn(column, 'text').execute();
  }
  // Every list of runs asks for the few that were opened, every run for how many others share its rows.
  await db.schema
    .createIndex('runs_opened')
    .on('runs')
    .column('test_opened_at')
    .where(sql.ref('test_opened_at'), 'is not', null)
    .execute();
  await db.schema.createIndex('runs_validation').on('runs').columns(['validation_key', 'status']).execute();
}
