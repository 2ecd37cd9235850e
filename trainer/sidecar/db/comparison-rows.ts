import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Database } from './schema.ts';

/** What was concluded from several runs side by side. */
export const comparisonRecordSchema = z.object({
  conclusion: z.string(),
  /** ISO time. */
  at: z.string(),
});
export type ComparisonRecord = z.infer<typeof comparisonRecordSchema>;

/** Ids of the runs of a comparison from its name, oldest first. */
export function runsOf(name: string): readonly string[] {
  return name.split(',');
}

/** The name of a comparison: the ids of its runs, each once and sorted, which is oldest first. */
export function nameComparison(ids: readonly string[]): string {
  return [...new Set(ids)].sort().join(',');
}

/** Makes these all the comparisons that are known; by name. */
export async function replaceComparisons(
  db: Kysely<Database>,
  comparisons: Readonly<Record<string, ComparisonRecord>>,
): Promise<void> {
  const rows = await db.selectFrom('comparisons').selectAll().execute();
  // On a full disk nothing can be written, and nearly always nothing differs.
  const gone = rows.filter(({ runs }) => !Object.hasOwn(comparisons, runs));
  for (const { runs } of gone) await setComparison(db, runs, null);
  const known = new Map(rows.map(({ runs, conclusion, at }) => [runs, `${at} ${conclusion}`]));
  for (const [runs, comparison] of Object.entries(comparisons))
    if (known.get(runs) !== `${comparison.at} ${comparison.conclusion}`) await setComparison(db, runs, comparison);
}

/** Sets what was concluded from the comparison of this name; null takes it away. */
export async function setComparison(
  db: Kysely<Database>,
  name: string,
  comparison: ComparisonRecord | null,
): Promise<void> {
  if (comparison === null) {
    await db.deleteFrom('comparisons').where('runs', '=', name).execute();
    return;
  }
  await db
    .insertInto('comparisons')
    .values({ runs: name, ...comparison })
    .onConflict((c) => c.column('runs').doUpdateSet(comparison))
    .execute();
}

/** What was concluded from the comparison of this name; undefined where nothing was. */
export async function findComparison(db: Kysely<Database>, name: string): Promise<ComparisonRecord | undefined> {
  return db.selectFrom('comparisons').select(['conclusion', 'at']).where('runs', '=', name).executeTakeFirst();
}

/** Comparisons with this run among others that are there, the last written first, with the numbers of their runs. */
export async function comparisonsOf(db: Kysely<Database>, id: string) {
  const rows = await db
    .selectFrom('comparisons')
    .selectAll()
    .where(sql<number>`instr(runs, ${id})`, '>', 0)
    .orderBy('at', 'desc')
    .execute();
  const ids = [...new Set(rows.flatMap(({ runs }) => runsOf(runs)))];
  const known = await db.selectFrom('runs').select(['id', 'number']).where('id', 'in', ids).execute();
  const numbers = new Map(known.map((run) => [run.id, run.number]));
  return rows.flatMap(({ runs, conclusion, at }) => {
    const there = runsOf(runs).flatMap((run) => {
      const number = numbers.get(run);
      return number === undefined ? [] : [{ id: run, number }];
    });
    return there.length < 2 ? [] : [{ runs: there, conclusion, at }];
  });
}
