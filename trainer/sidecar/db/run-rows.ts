import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type { Document } from '#core/config/document.ts';
import { type RunView, runViewSchema } from '#core/run/reduce.ts';
import { passageSchema, type Said } from '#core/run/said.ts';
import { hasEnded, type RunState, runStates, runStateSchema } from '#core/run/state.ts';
import type { Database, NewRunRow, RunRow } from './schema.ts';

const strings = z.array(z.string());
const passages = z.array(passageSchema);
const configDocument = z.record(z.string(), z.unknown());
const changes = z.record(z.string(), z.tuple([z.unknown(), z.unknown()]));

/** The process that was started for an attempt, and how to tell it from a later one with the same pid. */
const startedProcess = z.object({
  attempt: z.int(),
  nonce: z.string(),
  /** Absent between the decision to start and the start. */
  identity: z.object({ pid: z.int(), startTicks: z.number(), bootId: z.string() }).nullable(),
  /** What it keeps busy; absent where an earlier version started it. */
  device: z.string().optional(),
});
type StartedProcess = z.infer<typeof startedProcess>;

/** A run as the rest of the sidecar sees it: a row with its JSON columns parsed. */
export interface StoredRun extends Said {
  readonly id: string;
  readonly number: number;
  readonly notebook: string | null;
  readonly parent: string | null;
  readonly changed: Readonly<Record<string, readonly [unknown, unknown]>>;
  readonly createdAt: string;
  readonly overrides: readonly string[];
  /** In the form of files. */
  readonly config: Document;
  readonly status: RunState;
  readonly queuedAt: string | null;
  readonly view: RunView;
  readonly logOffset: number;
  /** What was found wrong with its log; null where nothing was. */
  readonly damage: string | null;
  /** Lines of its log that are no event. */
  readonly quarantined: number;
  readonly process: StartedProcess | null;
  readonly deletedAt: string | null;
  readonly testKey: string | null;
  /** When and through whom its test result was first seen; null while it is sealed. */
  readonly opening: Opening | null;
}

export interface Opening {
  /** ISO time. */
  readonly at: string;
  /** As they called themselves. */
  readonly by: string | null;
}

function toRun(row: RunRow): StoredRun {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    notebook: row.notebook,
    parent: row.parent,
    changed: changes.parse(JSON.parse(row.changed)),
    tags: strings.parse(JSON.parse(row.tags)),
    notes: row.notes,
    conclusion: row.conclusion,
    concludedAt: row.concluded_at,
    starred: row.starred === 1,
    archived: row.archived === 1,
    prose: passages.parse(JSON.parse(row.prose)),
    createdAt: row.created_at,
    overrides: strings.parse(JSON.parse(row.overrides)),
    config: configDocument.parse(JSON.parse(row.config)),
    status: runStateSchema.parse(row.status),
    queuedAt: row.queued_at,
    view: runViewSchema.parse(JSON.parse(row.view)),
    logOffset: row.log_offset,
    damage: row.damage,
    quarantined: row.quarantined,
    process: row.process === null ? null : startedProcess.parse(JSON.parse(row.process)),
    deletedAt: row.deleted_at,
    testKey: row.test_key,
    opening: row.test_opened_at === null ? null : { at: row.test_opened_at, by: row.test_opened_by },
  };
}

export async function insertRun(db: Kysely<Database>, row: NewRunRow): Promise<void> {
  await db.insertInto('runs').values(row).execute();
}

/** The run, also one in the bin; undefined where there is none. */
export async function findRun(db: Kysely<Database>, id: string): Promise<StoredRun | undefined> {
  const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toRun(row);
}

/** seq up to which the index has the events of a run; undefined where there is no such run. */
export async function lastSeqOf(db: Kysely<Database>, id: string): Promise<number | undefined> {
  const row = await db.selectFrom('runs').select('last_seq').where('id', '=', id).executeTakeFirst();
  return row?.last_seq;
}

/** Removes a run and all that hangs on it from the index; its folder is not touched. */
export async function forgetRun(db: Kysely<Database>, id: string): Promise<void> {
  await db.deleteFrom('runs').where('id', '=', id).execute();
}

interface RunQuery {
  readonly status?: readonly RunState[];
  readonly notebook?: string;
  readonly parent?: string;
  readonly tag?: string;
  /** Part of the name, in any case. */
  readonly search?: string;
  readonly sort: 'number' | '-number' | 'name' | '-name';
  readonly limit: number;
  readonly offset: number;
}

/** Runs that are not in the bin. */
export async function listRuns(db: Kysely<Database>, query: RunQuery): Promise<readonly StoredRun[]> {
  const column = query.sort.endsWith('name') ? 'name' : 'number';
  const direction = query.sort.startsWith('-') ? 'desc' : 'asc';
  let select = db.selectFrom('runs').selectAll().where('deleted_at', 'is', null);
  if (query.status !== undefined) select = select.where('status', 'in', [...query.status]);
  if (query.notebook !== undefined) select = select.where('notebook', '=', query.notebook);
  if (query.parent !== undefined) select = select.where('parent', '=', query.parent);
  if (query.search !== undefined) {
    const text = query.search.toLowerCase();
    select = select.where((e) => e(e.fn('instr', [e.fn('lower', ['name']), e.val(text)]), '>', 0));
  }
  if (query.tag !== undefined) {
    const tag = query.tag;
    select = select.where((e) => e(e.fn('instr', ['tags', e.val(JSON.stringify(tag))]), '>', 0));
  }
  const rows = await select
    .orderBy(column, direction)
    .orderBy('number', 'desc')
    .limit(query.limit)
    .offset(query.offset)
    .execute();
  return rows.map(toRun);
}

/** Runs in a state that something can still happen to, first queued first. */
export async function openRuns(db: Kysely<Database>): Promise<readonly StoredRun[]> {
  const open = runStates.filter((state) => !hasEnded(state));
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where('status', 'in', open)
    .where('deleted_at', 'is', null)
    .orderBy('queued_at')
    .orderBy('number')
    .execute();
  return rows.map(toRun);
}

/** Ids of the queued runs, first queued first. */
export async function queuedRunIds(db: Kysely<Database>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('status', '=', 'queued')
    .where('deleted_at', 'is', null)
    .orderBy('queued_at')
    .orderBy('number')
    .execute();
  return rows.map(({ id }) => id);
}

/** Runs that are interrupted. */
export async function interruptedRuns(db: Kysely<Database>): Promise<readonly StoredRun[]> {
  const rows = await db
    .selectFrom('runs')
    .selectAll()
    .where('status', '=', 'interrupted')
    .where('deleted_at', 'is', null)
    .orderBy('number')
    .execute();
  return rows.map(toRun);
}

export async function childrenOf(db: Kysely<Database>, id: string): Promise<readonly string[]> {
  const rows = await db.selectFrom('runs').select('id').where('parent', '=', id).orderBy('number').execute();
  return rows.map((row) => row.id);
}

/** Ids of the runs whose view was folded by an older version than this. */
export async function outdatedRunIds(db: Kysely<Database>, version: number): Promise<readonly string[]> {
  const stored = sql<number>`coalesce(json_extract(view, '$.version'), 1)`;
  const rows = await db.selectFrom('runs').select('id').where(stored, '<', version).execute();
  return rows.map((row) => row.id);
}

/** The view of a run as it is stored, with what is asked of it in columns of their own. */
export function viewColumns(view: RunView) {
  return {
    status: view.status,
    queued_at: view.queuedAt,
    view: JSON.stringify(view),
    last_seq: view.lastSeq,
    validation_key: view.evaluation?.validation.key ?? null,
    test_key: view.evaluation?.test.key ?? null,
  };
}

/** Replaces a run's view; false where events came in meanwhile. */
export async function replaceView(db: Kysely<Database>, id: string, view: RunView): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('runs')
    .set(viewColumns(view))
    .where('id', '=', id)
    .where('last_seq', '=', view.lastSeq)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/**
 * How many runs, in the bin or gone from it too, were completed on rows of one of these keys: so many scores there were
 * to choose from.
 */
export async function countRunsOn(db: Kysely<Database>, keys: readonly string[]): Promise<number> {
  if (keys.length === 0) return 0;
  const living = db
    .selectFrom('runs')
    .select('id')
    .where('validation_key', 'in', [...keys])
    .where('status', '=', 'completed');
  const emptied = db
    .selectFrom('emptied')
    .select('id')
    .where('validation_key', 'in', [...keys]);
  const row = await db
    .selectFrom(living.unionAll(emptied).as('scored'))
    .select((e) => e.fn.countAll<number>().as('runs'))
    .executeTakeFirstOrThrow();
  return row.runs;
}

/** Whether it is in the bin, of every run, or of run `id` alone. */
export async function deletedRuns(db: Kysely<Database>, id?: string): Promise<ReadonlyMap<string, boolean>> {
  const all = db.selectFrom('runs').select(['id', 'deleted_at']);
  const rows = await (id === undefined ? all : all.where('id', '=', id)).execute();
  return new Map(rows.map((row) => [row.id, row.deleted_at !== null]));
}

/** Writes into a newly built index what the old one alone knew of the runs that both hold. */
export async function carryOver(from: Kysely<Database>, to: Kysely<Database>): Promise<void> {
  const known = await from
    .selectFrom('runs')
    .select(['id', 'process', 'deleted_at', 'damage', 'log_tail'])
    .where((e) => e.or([e('process', 'is not', null), e('deleted_at', 'is not', null), e('damage', 'is not', null)]))
    .execute();
  for (const { id, process, deleted_at, damage, log_tail } of known) {
    // One that could be read now has nothing wrong any more.
    const kept = log_tail === unreadable ? null : damage;
    await to
      .updateTable('runs')
      .set((e) => ({
        process,
        deleted_at: e.fn.coalesce(e.val(deleted_at), 'deleted_at'),
        damage: e.fn.coalesce('damage', e.val(kept)),
      }))
      .where('id', '=', id)
      .execute();
  }
}

/** `log_tail` of a run whose log could not be read: that of no log, so that one that can be is read from its beginning. */
export const unreadable = 'unreadable';

/** One more than the highest number ever given in this workspace, runs in the bin and gone from it included. */
export async function nextNumber(db: Kysely<Database>): Promise<number> {
  const numbers = db.selectFrom('runs').select('number').unionAll(db.selectFrom('emptied').select('number'));
  const row = await db
    .selectFrom(numbers.as('given'))
    .select((e) => e.fn.max('number').as('highest'))
    .executeTakeFirst();
  return (row?.highest ?? 0) + 1;
}

/** Ids of the runs that are in the bin by the index. */
export async function binnedRunIds(db: Kysely<Database>): Promise<readonly string[]> {
  const rows = await db.selectFrom('runs').select('id').where('deleted_at', 'is not', null).orderBy('id').execute();
  return rows.map((row) => row.id);
}

export async function setProcess(db: Kysely<Database>, id: string, process: StartedProcess | null): Promise<void> {
  await db
    .updateTable('runs')
    .set({ process: process === null ? null : JSON.stringify(process) })
    .where('id', '=', id)
    .execute();
}

export async function setDeleted(db: Kysely<Database>, id: string, at: string | null): Promise<void> {
  await db.updateTable('runs').set({ deleted_at: at }).where('id', '=', id).execute();
}

export async function setSaid(db: Kysely<Database>, id: string, said: Said): Promise<void> {
  await db
    .updateTable('runs')
    .set({
      name: said.name,
      tags: JSON.stringify(said.tags),
      notes: said.notes,
      conclusion: said.conclusion,
      concluded_at: said.concludedAt,
      starred: said.starred ? 1 : 0,
      archived: said.archived ? 1 : 0,
      prose: JSON.stringify(said.prose),
    })
    .where('id', '=', id)
    .execute();
}
