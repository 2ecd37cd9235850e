import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { eventSchema } from '#core/run/event.ts';
import { isSettled } from '#core/run/state.ts';
import { eventsAfter, type StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import { loopTurn } from '#trainer/sidecar/db/loop-turn.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import type { Hub } from './hub.ts';
import { sealEvents } from './seal.ts';

const eventsAtOnce = 500;

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
 * and behind the event that ends the run: nothing comes after it. Whether the test is sealed is asked when its result is
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
      const found = follower.recent(cursor) ?? (await readIndex(db, runId, cursor));
      const batch = head(found, maxBytes);
      if (batch.length > 0) {
        cursor = batch[batch.length - 1].seq;
        yield await sealEvents(db, runId, batch);
        if (endsRun(batch[batch.length - 1])) return;
        if (batch.length < found.length || found.length === eventsAtOnce) continue;
        await sleep(coalesce, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const before = Date.now();
      await follower.wait(heartbeat, signal);
      if (!signal.aborted && Date.now() - before >= heartbeat) yield [];
    }
  } finally {
    follower.close();
  }
}

/** In turns: whoever replays a long run leaves room for all others between two batches. */
async function readIndex(db: Kysely<Database>, runId: string, after: number): Promise<readonly StoredEvent[]> {
  await loopTurn();
  return eventsAfter(db, runId, after, eventsAtOnce);
}

/** Whether nothing follows this event: the run has ended for good. */
function endsRun({ type, body }: StoredEvent): boolean {
  if (type !== 'status') return false;
  const event = eventSchema.parse(JSON.parse(body));
  return event.type === 'status' && isSettled(event.state);
}

function head(events: readonly StoredEvent[], maxBytes: number): readonly StoredEvent[] {
  let bytes = 0;
  for (let i = 0; i < events.length; i++) {
    bytes += events[i].body.length;
    if (bytes > maxBytes && i > 0) return events.slice(0, i);
  }
  return events;
}
