import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { eventSchema } from '#core/run/event.ts';
import { isSettled } from '#core/run/state.ts';
import { eventsAfter, type StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import { findRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import type { Hub } from './hub.ts';
import { sealEvents } from './seal.ts';

interface FeedOptions {
  readonly db: Kysely<Database>;
  readonly hub: Hub;
  readonly runId: string;
  /** The first event yielded is the one after this seq. */
  readonly since: number;
  readonly signal: AbortSignal;
  /** Least time between two batches in ms: what happens in it travels together. */
  readonly coalesce?: number;
  /** An empty batch is yielded after so many ms of silence. */
  readonly heartbeat?: number;
  /** Most bytes of events in a batch: all that is held for one client at a time. */
  readonly maxBytes?: number;
}

/**
 * The events of a run as batches, in order, each once: first what is stored, then what comes. The next batch is read
 * when the consumer asks for it, so a client that does not read holds one batch and no more. Ends when `signal` aborts,
 * and behind the event that ends the run, unless it has been resumed since. Whether the test is sealed is asked when its result is
 * delivered, whichever way it comes.
 *
 * @example
 * const { db, hub } = deps;
 * const { signal } = new AbortController();
 * for await (const batch of followRun({ db, hub, runId: '01m8nr2yrkfq9rq2vy28cf', since: 0, signal })) {
 *   for (const { seq, type } of batch) console.log(seq, type);
 * }
 */
export async function* followRun(options: FeedOptions): AsyncGenerator<readonly StoredEvent[], void, void> {
  const { db, hub, runId, signal, coalesce = 100, heartbeat = 15_000, maxBytes = 256 * 1024 } = options;
  const follower = hub.follow(runId);
  let cursor = options.since;
  try {
    while (!signal.aborted) {
      const found = follower.recent(cursor) ?? (await eventsAfter(db, runId, cursor, 500));
      const batch = head(found, maxBytes);
      if (batch.length > 0) {
        cursor = batch[batch.length - 1].seq;
        yield await sealEvents(db, runId, batch);
        if (endsAttempt(batch[batch.length - 1]) && (await isNewest(db, runId, cursor))) return;
        if (batch.length < found.length || found.length === 500) continue;
        await sleep(coalesce, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const before = performance.now();
      await follower.wait(heartbeat, signal);
      if (!signal.aborted && performance.now() - before >= heartbeat) yield [];
    }
  } finally {
    follower.close();
  }
}

/** Whether an attempt has ended with this event, and only a person can make the run go on. */
function endsAttempt({ type, body }: StoredEvent): boolean {
  if (type !== 'status') return false;
  const event = eventSchema.parse(JSON.parse(body));
  return event.type === 'status' && isSettled(event.state);
}

/** Whether the run has not been resumed since. */
async function isNewest(db: Kysely<Database>, runId: string, seq: number): Promise<boolean> {
  return ((await findRun(db, runId))?.view.lastSeq ?? seq) <= seq;
}

function head(events: readonly StoredEvent[], maxBytes: number): readonly StoredEvent[] {
  let bytes = 0;
  for (let i = 0; i < events.length; i++) {
    bytes += events[i].body.length;
    if (bytes > maxBytes && i > 0) return events.slice(0, i);
  }
  return events;
}
