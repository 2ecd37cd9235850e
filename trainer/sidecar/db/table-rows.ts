import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { isMap } from '#core/config/document.ts';
import { type EventNumber, eventNumber } from '#core/run/event.ts';
import { evaluationSchema } from '#core/run/evaluation.ts';
import { runViewSchema } from '#core/run/reduce.ts';
import { runStateSchema } from '#core/run/state.ts';
import type { Database } from './schema.ts';

/** What a table shows of a view, in the order in which it is asked for. */
const shown = [
  'status',
  'reason',
  'attempt',
  'engine',
  'progress',
  'metrics.best',
  'checkpoints.best.epoch',
  'evaluation',
  'startedAt',
  'finishedAt',
] as const;

const shownSchema = z.tuple([
  runStateSchema,
  z.string().nullable(),
  z.int(),
  runViewSchema.shape.engine,
  runViewSchema.shape.progress,
  z.custom<Readonly<Record<string, EventNumber>>>(areNumbers, 'expected numbers by their names'),
  z.int().nullable(),
  evaluationSchema.nullable(),
  z.string().nullable(),
  z.string().nullable(),
]);
/** As a schema would say it, in a tenth of its time: a table of ten thousand runs asks it of a million numbers. */
function areNumbers(values: unknown): boolean {
  if (!isMap(values)) return false;
  for (const name in values)
    if (typeof values[name] !== 'number' && !eventNumber.safeParse(values[name]).success) return false;
  return true;
}

const config = z.record(z.string(), z.unknown());
const tags = z.array(z.string());
const prose = z.array(z.object({ text: z.string() }));
const changed = z.record(z.string(), z.tuple([z.unknown(), z.unknown()]));

/** A run as a table needs it: without its curves, its results and what stands in its folder alone. */
export type TableRun = ReturnType<typeof toTableRun>;

/** Columns of the row that it is made of. */
const columns = [
  'id',
  'number',
  'name',
  'notebook',
  'parent',
  'changed',
  'tags',
  'notes',
  'conclusion',
  'starred',
  'archived',
  'prose',
  'created_at',
  'deleted_at',
  'config',
  'damage',
  'quarantined',
  'test_key',
  'test_opened_at',
  'test_opened_by',
] as const;

/**
 * Runs in the order of their last changes, those above `revision`, at most `limit`: undefined of one that is gone from the
 * index. `newest` is the revision to go on from.
 */
export async function changedRuns(
  db: Kysely<Database>,
  revision: number,
  limit: number,
): Promise<{ readonly newest: number; readonly runs: ReadonlyMap<string, TableRun | undefined> }> {
  const revised = await db
    .selectFrom('run_revisions')
    .selectAll()
    .where('revision', '>', revision)
    .orderBy('revision')
    .limit(limit)
    .execute();
  if (revised.length === 0) return { newest: revision, runs: new Map() };
  const ids = revised.map(({ run_id }) => run_id);
  const rows = await selectTableRuns(db).where('id', 'in', ids).execute();
  const known = new Map(rows.map((row) => [row.id, toTableRun(row)]));
  return { newest: revised[revised.length - 1].revision, runs: new Map(ids.map((id) => [id, known.get(id)])) };
}

function selectTableRuns(db: Kysely<Database>) {
  return db.selectFrom('runs').select([
    ...columns,
    // SQLite hands out the few pieces; the whole view would be parsed to be thrown away.
    sql<string>`json_extract(view, ${sql.join(shown.map((key) => `$.${key}`))})`.as('shown'),
    sql<number>`json_type(view, '$.results.test') is not null`.as('has_test'),
  ]);
}

type SelectedRow = Awaited<ReturnType<ReturnType<typeof selectTableRuns>['execute']>>[number];

function toTableRun(row: SelectedRow) {
  const [status, reason, attempt, engine, progress, best, bestEpoch, evaluation, startedAt, finishedAt] =
    shownSchema.parse(JSON.parse(row.shown));
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    notebook: row.notebook,
    parent: row.parent,
    changed: changed.parse(JSON.parse(row.changed)),
    tags: tags.parse(JSON.parse(row.tags)),
    notes: row.notes,
    conclusion: row.conclusion,
    starred: row.starred === 1,
    archived: row.archived === 1,
    prose: prose.parse(JSON.parse(row.prose)).map(({ text }) => text),
    createdAt: row.created_at,
    deletedAt: row.deleted_at,
    config: config.parse(JSON.parse(row.config)),
    isDamaged: row.damage !== null || row.quarantined > 0,
    testKey: row.test_key,
    opening: row.test_opened_at === null ? null : { at: row.test_opened_at, by: row.test_opened_by },
    hasTest: row.has_test === 1,
    ...{ status, reason, attempt, engine, progress, best, bestEpoch, evaluation, startedAt, finishedAt },
  };
}
