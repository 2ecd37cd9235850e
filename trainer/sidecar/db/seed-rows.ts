import { type Kysely, sql } from 'kysely';
import type { StoredRun } from './run-rows.ts';
import { findRun } from './run-rows.ts';
import type { Database } from './schema.ts';

/** Digits that a seed or the name of an engine may make one configuration longer than another. */
const mostLonger = 24;

/** Runs, not in the bin, whose configuration differs from that of `run` by seed and engine alone, `run` included. */
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
    .where(sql<boolean>`${withoutSeed(sql.ref('config'))} = ${withoutSeed(sql.val(text))}`)
    .orderBy('number')
    .execute();
  const runs = await Promise.all(rows.map(({ id }) => findRun(db, id)));
  return runs.flatMap((found) => found ?? []);
}

function withoutSeed(config: ReturnType<typeof sql>) {
  return sql`json_remove(${config}, '$.train.seed', '$.train.engine')`;
}
