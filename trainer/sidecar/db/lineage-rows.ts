import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { LineageRun } from '#core/api/lineage.ts';
import { evaluationSchema } from '#core/run/evaluation.ts';
import { eventNumber } from '#core/run/event.ts';
import { runViewSchema } from '#core/run/reduce.ts';
import { runStateSchema } from '#core/run/state.ts';
import { firstLine } from '#core/run/first-line.ts';
import type { Database } from './schema.ts';

/** What a tree can show of a run, and what two runs are compared by. */
const shown = ['val.da', 'val.rmse', 'val.f1', 'val.loss', 'val.n', 'val.excluded'];

const json = <Value>(schema: z.ZodType<Value>) =>
  z.string().transform((text, context): Value => {
    const { data, error } = schema.safeParse(JSON.parse(text));
    if (error) context.addIssue(error.message);
    return data as Value;
  });

const row = z.object({
  id: z.string(),
  number: z.int(),
  name: z.string(),
  status: runStateSchema,
  parent: z.string().nullable(),
  changed: json(z.record(z.string(), z.tuple([z.unknown(), z.unknown()]))),
  created_at: z.string(),
  deleted_at: z.string().nullable(),
  starred: z.number(),
  conclusion: z.string(),
  finished_at: z.string().nullable(),
  engine: json(runViewSchema.shape.engine.unwrap()).nullable(),
  evaluation: json(evaluationSchema).nullable(),
  best: json(z.record(z.string(), eventNumber)).nullable(),
  seed: z.unknown(),
});

/** A run of a tree, also one in the bin. */
export interface LineageRow extends Omit<LineageRun, 'stalledSince'> {
  readonly isBinned: boolean;
}

function select(db: Kysely<Database>) {
  const at = <Value>(path: string) => sql<Value>`json_extract(view, ${path})`;
  return db
    .selectFrom('runs')
    .select([
      'id',
      'number',
      'name',
      'status',
      'parent',
      'changed',
      'created_at',
      'deleted_at',
      'starred',
      'conclusion',
    ])
    .select([
      at('$.finishedAt').as('finished_at'),
      at('$.engine').as('engine'),
      at('$.evaluation').as('evaluation'),
      at('$.metrics.best').as('best'),
      sql`json_extract(config, '$.train.seed')`.as('seed'),
    ]);
}

function toRow(found: unknown): LineageRow {
  const { created_at, deleted_at, finished_at, best, starred, conclusion, ...run } = row.parse(found);
  return {
    ...run,
    createdAt: created_at,
    finishedAt: finished_at,
    isBinned: deleted_at !== null,
    starred: starred === 1,
    conclusion: firstLine(conclusion),
    metrics: { best: Object.fromEntries(Object.entries(best ?? {}).filter(([name]) => shown.includes(name))) },
  };
}

/** The newest runs of a notebook that are not in the bin, newest first, and how many there are. */
export async function notebookRuns(
  db: Kysely<Database>,
  notebook: string,
  limit: number,
): Promise<{ readonly runs: readonly LineageRow[]; readonly total: number }> {
  const of = db.selectFrom('runs').where('notebook', '=', notebook).where('deleted_at', 'is', null);
  const { total } = await of.select((e) => e.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  const runs = await select(db)
    .where('notebook', '=', notebook)
    .where('deleted_at', 'is', null)
    .orderBy('number', 'desc')
    .limit(limit)
    .execute();
  return { runs: runs.map(toRow), total };
}

/** Runs by their ids, those in the bin included. */
export async function runsById(db: Kysely<Database>, ids: readonly string[]): Promise<readonly LineageRow[]> {
  if (ids.length === 0) return [];
  return (
    await select(db)
      .where('id', 'in', [...ids])
      .execute()
  ).map(toRow);
}

/** Runs that were forked from one of these, oldest first, those in the bin included. */
export async function childRuns(db: Kysely<Database>, parents: readonly string[]): Promise<readonly LineageRow[]> {
  if (parents.length === 0) return [];
  return (
    await select(db)
      .where('parent', 'in', [...parents])
      .orderBy('number')
      .execute()
  ).map(toRow);
}

/** Numbers of runs that are gone from the bin too. */
export async function emptiedNumbers(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('emptied')
    .select(['id', 'number'])
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((one) => [one.id, one.number]));
}
