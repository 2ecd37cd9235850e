import type { Kysely } from 'kysely';

/** What is still known of runs that have gone from the bin for good. Frozen in time, as 0001. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('emptied')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'integer', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('validation_key', 'text')
    .addColumn('test_key', 'text')
    .addColumn('source', 'text')
    .addColumn('test_from', 'integer')
    .addColumn('test_to', 'integer')
    .addColumn('test_opened_at', 'text')
    .addColumn('test_opened_by', 'text')
    .execute();
}
