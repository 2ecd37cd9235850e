import type { Kysely } from 'kysely';
import { type EventOf, systemEventSchema } from '#core/run/event.ts';
import { systemThinning } from '#core/run/system-readings.ts';
import { oldestEvents } from '#trainer/sidecar/db/event-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { thinRows } from '#core/chart/thin-rows.ts';

type SystemEvent = EventOf<'system'>;

/** Readings of the trainer's machine up to `lastSeq`, by seq: `most` at most, of each bucket first, last and extremes. */
export async function readSystemSamples(
  db: Kysely<Database>,
  runId: string,
  lastSeq: number,
  most: number,
): Promise<readonly SystemEvent[]> {
  let kept: SystemEvent[] = [];
  let isPart = false;
  for await (const { body } of oldestEvents(db, runId, { type: 'system', after: 0, upTo: lastSeq })) {
    kept.push(systemEventSchema.parse(JSON.parse(body)));
    if (kept.length <= 2 * most) continue;
    kept = [...thinRows(kept, most, systemThinning, isPart)];
    isPart = true;
  }
  return thinRows(kept, most, systemThinning, isPart);
}
