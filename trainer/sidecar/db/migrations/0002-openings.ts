import type { Kysely } from 'kysely';

/** Which rows a run is scored on, and who opened its test. Frozen in time, as 0001. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // SQLite adds one column a statement.
  for (const column of ['validation_key', 'test_key', 'test_opened_at', 'test_opened_by']) {
    await db.schema.alterTable('runs').addColumn(column, 'text').execute();
  }
  await db.schema.createIndex('runs_test').on('runs').columns(['test_key', 'test_opened_at']).execute();
}
