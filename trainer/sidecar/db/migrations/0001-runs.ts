import { type Kysely, sql } from 'kysely';

/** Frozen in time: never imports the program, never changes after it was released. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('runs')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'integer', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('notebook', 'text')
    .addColumn('parent', 'text')
    .addColumn('changed', 'text', (c) => c.notNull())
    .addColumn('tags', 'text', (c) => c.notNull())
    .addColumn('notes', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('overrides', 'text', (c) => c.notNull())
    .addColumn('config', 'text', (c) => c.notNull())
    .addColumn('status', 'text', (c) => c.notNull())
    .addColumn('queued_at', 'text')
    .addColumn('view', 'text', (c) => c.notNull())
    .addColumn('last_seq', 'integer', (c) => c.notNull())
    .addColumn('log_offset', 'integer', (c) => c.notNull())
    .addColumn('process', 'text')
    .addColumn('deleted_at', 'text')
    .modifyEnd(sql`strict`)
    .execute();
  await db.schema.createIndex('runs_status').on('runs').columns(['status', 'queued_at']).execute();
  await db.schema.createIndex('runs_parent').on('runs').column('parent').execute();
  await db.schema.createIndex('runs_notebook').on('runs').columns(['notebook', 'number']).execute();
  await db.schema
    .createTable('events')
    .addColumn('run_id', 'text', (c) => c.notNull().references('runs.id').onDelete('cascade'))
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('attempt', 'integer', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('events_pk', ['run_id', 'seq'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema
    .createTable('points')
    .addColumn('run_id', 'text', (c) => c.notNull().references('runs.id').onDelete('cascade'))
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('step', 'integer', (c) => c.notNull())
    .addColumn('attempt', 'integer', (c) => c.notNull())
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('epoch', 'real', (c) => c.notNull())
    .addColumn('value', 'real')
    .addPrimaryKeyConstraint('points_pk', ['run_id', 'key', 'step', 'attempt', 'seq'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema
    .createTable('quarantine')
    .addColumn('run_id', 'text', (c) => c.notNull().references('runs.id').onDelete('cascade'))
    .addColumn('log_offset', 'integer', (c) => c.notNull())
    .addColumn('bytes', 'integer', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('quarantine_pk', ['run_id', 'log_offset'])
    .modifyEnd(sql`strict, without rowid`)
    .execute();
  await db.schema
    .createTable('keys')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('body_sha256', 'text', (c) => c.notNull())
    .addColumn('run_id', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .modifyEnd(sql`strict, without rowid`)
    .execute();
}
