import type { Kysely } from 'kysely';

/** What people say of a run after it was made, and of several together. Frozen in time, as 0001. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .alterTable('runs')
    .addColumn('conclusion', 'text', (c) => c.notNull().defaultTo(''))
    .execute();
  await schema.alterTable('runs').addColumn('concluded_at', 'text').execute();
  for (const flag of ['starred', 'archived'])
    await schema
      .alterTable('runs')
      .addColumn(flag, 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  await schema
    .alterTable('runs')
    .addColumn('prose', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute();
  await schema
    .createTable('comparisons')
    .addColumn('runs', 'text', (c) => c.primaryKey())
    .addColumn('conclusion', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .execute();
}
