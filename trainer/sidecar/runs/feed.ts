import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { eventSchema } from '#core/run/event.ts';
import { isSettled } from '#core/run/state.ts';
import { eventsAfter, type StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import { loopTurn } from '#trainer/sidecar/db/loop-turn.ts';
import { lastSeqOf } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import type { Follower } from './follower.ts';
import type { Hub } from './hub.ts';
import { sealEvents } from './seal.ts';

interface FollowOptions {
  readonly db: Kysely<Database>;
  readonly hub: Hub;
  readonly signal: AbortSignal;
  /** Share of a run's log that is in the index; null where all of it is. */
  readonly shareRead?: (runId: string) => number | null;
  /** Least time between two batches in ms: what happens in it travels together. */
  readonly coalesce?: number;
  /** An empty batch is yielded after so many ms of silence. */
  readonly heartbeat?: number;
  /** Most bytes of events in a batch: all that is held for one client at a time. */
  readonly maxBytes?: number;
}

interface FollowRunOptions extends FollowOptions {
  readonly runId: string;
  /** The first event yielded is the one after this seq. */
  readonly since: number;
}

interface FollowRunsOptions extends FollowOptions {
  /** Of each run the seq after which to go on. */
  readonly since: ReadonlyMap<string, number>;
  /** Whether changes of the list of runs are told too. */
  readonly list: boolean;
}

/** Events of one run that follow each other: between `after`, a seq, and the first there is none, nor between any two. */
interface RunBatch {
  readonly runId: string;
  readonly after: number;
  readonly events: readonly StoredEvent[];
}

/**
 * What is new of the runs followed, the runs whose line in the list has changed, and those whose logs were read from their
 * beginning again, as one that has become shorter is: what was delivered of them before no longer counts, and their events
 * come from the first on. Nothing of all is a heartbeat.
 */
export interface News {
  readonly restarted: readonly string[];
  readonly batches: readonly RunBatch[];
  readonly changed: readonly string[];
}

/** Events read of a run at once: few enough that those of many clients are gone before they are taken for lasting. */
const eventsAtOnce = 200;

/**
 * The events of several runs as batches, of each run in order, each once: first what is stored, then what comes. The next
 * batch is read when the consumer asks for it, so a client that does not read holds one batch and no more, whatever the
 * number of its runs; they take turns. A seq that is left out never comes: its line is damaged. Ends when `signal` aborts:
 * an ended run may be resumed. Whether a test is sealed is asked when its result is delivered, whichever way it comes.
 */
export async function* followRuns(options: FollowRunsOptions): AsyncGenerator<News, void, void> {
  const { db, hub, signal, list, coalesce = 100, heartbeat = 15_000, maxBytes = 256 * 1024 } = options;
  const cursors = new Map(options.since);
  const follower = hub.follow(cursors.keys(), { list });
  try {
    let restarted = await runsBeyond(options);
    while (!signal.aborted) {
      restarted = [...restarted, ...follower.takeRestarted()];
      for (const runId of restarted) cursors.set(runId, 0);
      const { batches, hasMore } = await readRound(db, follower, cursors, maxBytes);
      const changed = follower.takeChanged();
      if (batches.length > 0 || changed.length > 0 || restarted.length > 0) {
        yield { restarted, batches, changed };
        restarted = [];
        if (!hasMore) await sleep(coalesce, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const before = performance.now();
      await follower.wait(heartbeat, signal);
      if (!signal.aborted && performance.now() - before >= heartbeat) yield { restarted: [], batches: [], changed: [] };
    }
  } finally {
    follower.close();
  }
}

/**
 * The events of one run, as followRuns gives them; an empty batch is a heartbeat. Ends as well behind the event that ends
 * the run's attempt, unless it has been resumed since: nothing comes after it by itself.
 *
 * @example
 * const { db, hub } = deps;
 * const { signal } = new AbortController();
 * for await (const batch of followRun({ db, hub, runId: '01m8nr2yrkfq9rq2vy28cf', since: 0, signal })) {
 *   for (const { seq, type } of batch) console.log(seq, type);
 * }
 */
export async function* followRun(options: FollowRunOptions): AsyncGenerator<readonly StoredEvent[], void, void> {
  const { runId, since, ...rest } = options;
  for await (const { restarted, batches } of followRuns({ ...rest, since: new Map([[runId, since]]), list: false })) {
    const events = batches.flatMap((batch) => batch.events);
    if (restarted.length > 0) yield [restart];
    if (restarted.length > 0 && events.length === 0) continue;
    yield events;
    const last = events.at(-1);
    if (last !== undefined && endsAttempt(last) && (await isNewest(rest.db, runId, last.seq))) return;
  }
}

/** Tells that what was delivered no longer counts. Its seq makes who comes back begin with the first event. */
const restart: StoredEvent = { seq: 0, type: 'restart', body: '{"seq":0,"type":"restart"}' };

/** Runs of which what follows an event is asked that their logs do not have any more. */
async function runsBeyond({ db, since, shareRead = () => null }: FollowRunsOptions): Promise<readonly string[]> {
  const beyond: string[] = [];
  for (const [runId, seq] of since) {
    if (seq === 0 || shareRead(runId) !== null) continue;
    if (seq > ((await lastSeqOf(db, runId)) ?? seq)) beyond.push(runId);
  }
  return beyond;
}

/** A batch of every run that has something new, in all `maxBytes` at most, and whether some of that was left: it comes first then. */
async function readRound(
  db: Kysely<Database>,
  follower: Follower,
  cursors: Map<string, number>,
  maxBytes: number,
): Promise<{ readonly batches: readonly RunBatch[]; readonly hasMore: boolean }> {
  const batches: RunBatch[] = [];
  const [waiting, begun]: [string[], string[]] = [[], []];
  let left = maxBytes;
  for (const runId of follower.takeFresh()) {
    const after = cursors.get(runId) ?? 0;
    const found = left > 0 ? (follower.recent(runId, after) ?? (await readIndex(db, runId, after))) : null;
    const events = head(found ?? [], left, batches.length === 0);
    if (found === null || events.length < found.length || found.length === eventsAtOnce) {
      (events.length === 0 ? waiting : begun).push(runId);
    }
    if (events.length === 0) continue;
    left -= events.reduce((sum, { body }) => sum + body.length, 0);
    cursors.set(runId, events[events.length - 1].seq);
    batches.push({ runId, after, events: await sealEvents(db, runId, events) });
  }
  for (const runId of [...waiting, ...begun]) follower.leave(runId);
  return { batches, hasMore: waiting.length + begun.length > 0 };
}

/** In turns: whoever replays a long run leaves room for all others between two batches. */
async function readIndex(db: Kysely<Database>, runId: string, after: number): Promise<readonly StoredEvent[]> {
  await loopTurn();
  return eventsAfter(db, runId, after, eventsAtOnce);
}

/** Whether nothing follows this event by itself: the run's attempt is over. */
function endsAttempt({ type, body }: StoredEvent): boolean {
  if (type !== 'status') return false;
  const event = eventSchema.parse(JSON.parse(body));
  return event.type === 'status' && isSettled(event.state);
}

/** Whether the run has not been resumed since. */
async function isNewest(db: Kysely<Database>, runId: string, seq: number): Promise<boolean> {
  return ((await lastSeqOf(db, runId)) ?? seq) <= seq;
}

/** The first events, `maxBytes` at most; at least one where `mustMove`, however long it is. */
function head(events: readonly StoredEvent[], maxBytes: number, mustMove: boolean): readonly StoredEvent[] {
  let bytes = 0;
  for (let i = 0; i < events.length; i++) {
    bytes += events[i].body.length;
    if (bytes > maxBytes && (i > 0 || !mustMove)) return events.slice(0, i);
  }
  return events;
}
