import { type Kysely, sql } from 'kysely';
import { outsideSetup } from '#core/run/setup.ts';
import type { StoredRun } from './run-rows.ts';
import { findRun } from './run-rows.ts';
import type { Database } from './schema.ts';

/** Characters that a seed, the name of an engine and a seal may make one configuration longer than another. */
const mostLonger = 32;

/** Runs, not in the bin, whose configuration differs from that of `run` in what is outside its setup alone, `run` included. */
export async function runsOfOtherSeeds(
  db: Kysely<Database>,
  run: Pick<StoredRun, 'config'>,
): Promise<readonly StoredRun[]> {
  const text = JSON.stringify(run.config);
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('deleted_at', 'is', null)
    // Most are told apart by their length, without being read.
    .where(sql<boolean>`abs(length(config) - ${text.length}) <= ${mostLonger}`)
    .where(sql<boolean>`${setupOf(sql.ref('config'))} = ${setupOf(sql.val(text))}`)
    .orderBy('number')
    .execute();
  const runs = await Promise.all(rows.map(({ id }) => findRun(db, id)));
  return runs.flatMap((found) => found ?? []);
}

function setupOf(config: ReturnType<typeof sql>) {
  return sql`json_remove(${config}, ${sql.join(outsideSetup.map((key) => `$.${key}`))})`;
}
