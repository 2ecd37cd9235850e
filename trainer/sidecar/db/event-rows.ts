import { type Kysely, sql } from 'kysely';
import { fromEventNumber, type RunEvent } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import { loopTurn, rowsATurn } from './loop-turn.ts';
import { openUnsealed } from './opening-rows.ts';
import { viewColumns } from './run-rows.ts';
import type { Database } from './schema.ts';

/** An event as it travels: its number, its kind and its JSON text on one line. */
export interface StoredEvent {
  readonly seq: number;
  readonly type: string;
  readonly body: string;
}

/** One read of a log: what is new, and how far the file is then in the index. */
interface LogBatch {
  readonly runId: string;
  readonly events: readonly { readonly event: RunEvent; readonly body: string }[];
  readonly bad: readonly { readonly offset: number; readonly bytes: number; readonly reason: string }[];
  /** State of the run after these events. */
  readonly view: RunView;
  /** Offset before and after: the row must stand at the first one. */
  readonly from: number;
  readonly to: number;
  /** sha256 of the last bytes before `to`. */
  readonly tail: string;
}

/**
 * Stores a batch: events, points, quarantined lines, the state and the byte offset in one transaction. The insert is
 * plain, so an event read twice is a loud failure and never a silent double.
 */
export async function storeBatch(db: Kysely<Database>, batch: LogBatch): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('runs')
      .set((e) => ({
        ...viewColumns(batch.view),
        log_offset: batch.to,
        log_tail: batch.tail,
        quarantined: e('quarantined', '+', batch.bad.length),
      }))
      .where('id', '=', batch.runId)
      .where('log_offset', '=', batch.from)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) throw new Error(`The log of run ${batch.runId} was indexed by someone else as well.`);
    const shown = batch.events.find(({ event }) => event.type === 'result' && event.split === 'test');
    if (shown !== undefined) await openUnsealed(transaction, batch.runId, shown.event.at);
    const events = batch.events.map(({ event, body }) => [event.seq, event.attempt, event.type, event.at, body]);
    await insertRows(transaction, batch.runId, 'events', ['seq', 'attempt', 'type', 'at', 'body'], events);
    await insertRows(transaction, batch.runId, 'points', pointColumns, toPoints(batch));
    const bad = batch.bad.map((line) => ({
      run_id: batch.runId,
      log_offset: line.offset,
      bytes: line.bytes,
      reason: line.reason,
    }));
    for (const rows of chunks(bad)) await transaction.insertInto('quarantine').values(rows).execute();
  });
}

// SQLite takes 32,766 parameters in a statement.
function chunks<Row>(rows: readonly Row[]): Row[][] {
  const result: Row[][] = [];
  for (let at = 0; at < rows.length; at += rowsATurn) result.push(rows.slice(at, at + rowsATurn));
  return result;
}

/**
 * Inserts rows of a run, each its values in the order of the columns. As one JSON text, however many they are, the statement is
 * always the same: most of the time of an insert of thousands of parameters goes to writing and preparing it.
 */
async function insertRows(
  db: Kysely<Database>,
  runId: string,
  table: 'events' | 'points',
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const names = sql.join(['run_id', ...columns].map((name) => sql.ref(name)));
  const values = sql.join(columns.map((_, index) => sql.raw(`value ->> ${index}`)));
  for (const some of chunks(rows))
    await sql`insert into ${sql.table(table)} (${names}) select ${runId}, ${values} from json_each(${toJson(some)})`.execute(
      db,
    );
}

/** JSON has no infinities: a number beyond all that there are is one to SQLite. */
function toJson(rows: readonly (readonly unknown[])[]): string {
  return `[${rows
    .map(
      (row) =>
        `[${row.map((value) => (value === Infinity ? '9e999' : value === -Infinity ? '-9e999' : JSON.stringify(value))).join()}]`,
    )
    .join()}]`;
}

const pointColumns = ['key', 'step', 'attempt', 'seq', 'epoch', 'value'];

/** A point for each value, NaN as null. */
function toPoints(batch: LogBatch): readonly (readonly unknown[])[] {
  return batch.events.flatMap(({ event }) => {
    if (event.type !== 'metric') return [];
    const { step, attempt, seq } = event;
    const epoch = fromEventNumber(event.epoch);
    return Object.entries(event.values).map(([key, text]) => [key, step, attempt, seq, epoch, fromEventNumber(text)]);
  });
}

/** Events with a seq above `after`, in order; at most `limit`. */
export async function eventsAfter(
  db: Kysely<Database>,
  runId: string,
  after: number,
  limit: number,
): Promise<readonly StoredEvent[]> {
  return db
    .selectFrom('events')
    .select(['seq', 'type', 'body'])
    .where('run_id', '=', runId)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
}

/** The event of this seq as JSON; empty where there is none. */
export async function bodyAt(db: Kysely<Database>, runId: string, seq: number): Promise<string> {
  const found = db.selectFrom('events').select('body').where('run_id', '=', runId).where('seq', '=', seq);
  return (await found.executeTakeFirst())?.body ?? '';
}

/** Which events of a run: of one type, after < seq ≤ upTo. */
interface EventRange {
  readonly type: RunEvent['type'];
  readonly after: number;
  readonly upTo: number;
}

/** Events of one type, the newest first, as they are found: a part of the log a turn of the loop. */
export async function* newestEvents(
  db: Kysely<Database>,
  runId: string,
  { type, after, upTo }: EventRange,
): AsyncGenerator<StoredEvent, void, void> {
  for (let to = upTo; to > after;) {
    await loopTurn();
    const from = Math.max(after, await edgeOf(db, runId, to, 'desc'));
    yield* (await eventsBetween(db, runId, type, from, to)).toReversed();
    to = from;
  }
}

/** Events of one type, the oldest first, as they are found: a part of the log a turn of the loop. */
export async function* oldestEvents(
  db: Kysely<Database>,
  runId: string,
  { type, after, upTo }: EventRange,
): AsyncGenerator<StoredEvent, void, void> {
  for (let from = after; from < upTo;) {
    await loopTurn();
    const to = Math.min(upTo, await edgeOf(db, runId, from, 'asc'));
    yield* await eventsBetween(db, runId, type, from, to);
    from = to;
  }
}

/** seq that bounds a turn's events from `seq` on, whatever their type; beyond the log where fewer are left. */
async function edgeOf(db: Kysely<Database>, runId: string, seq: number, order: 'asc' | 'desc'): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select('seq')
    .where('run_id', '=', runId)
    .where('seq', order === 'asc' ? '>' : '<=', seq)
    .orderBy('seq', order)
    .offset(order === 'asc' ? rowsATurn - 1 : rowsATurn)
    .limit(1)
    .executeTakeFirst();
  return row?.seq ?? (order === 'asc' ? Infinity : 0);
}

async function eventsBetween(
  db: Kysely<Database>,
  runId: string,
  type: string,
  after: number,
  upTo: number,
): Promise<readonly StoredEvent[]> {
  return db
    .selectFrom('events')
    .select(['seq', 'type', 'body'])
    .where('run_id', '=', runId)
    .where('seq', '>', after)
    .where('seq', '<=', upTo)
    .where('type', '=', type)
    .orderBy('seq')
    .execute();
}

/** When the events of these seqs were written, ms UTC, in their order; NaN where that cannot be read. */
export async function timesOf(
  db: Kysely<Database>,
  runId: string,
  seqs: readonly number[],
): Promise<readonly number[]> {
  const times = new Map<number, number>();
  for (const some of chunks([...new Set(seqs)])) {
    await loopTurn();
    const rows = await db
      .selectFrom('events')
      .select(['seq', 'at'])
      .where('run_id', '=', runId)
      .where('seq', 'in', some)
      .execute();
    for (const { seq, at } of rows) times.set(seq, Date.parse(at));
  }
  return seqs.map((seq) => times.get(seq) ?? NaN);
}
