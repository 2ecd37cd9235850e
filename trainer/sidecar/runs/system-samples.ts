import type { Kysely } from 'kysely';
import { type EventOf, systemEventSchema } from '#core/run/event.ts';
import { systemThinning } from '#core/run/system-readings.ts';
import { oldestEvents } from '#trainer/sidecar/db/event-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { Thinner } from './thinner.ts';

type SystemEvent = EventOf<'system'>;

/** Readings of the trainer's machine up to `lastSeq`, by seq: `most` at most, of each bucket first, last and extremes. */
export async function readSystemSamples(
  db: Kysely<Database>,
  runId: string,
  lastSeq: number,
  most: number,
): Promise<readonly SystemEvent[]> {
  const thinner = new Thinner(most, systemThinning);
  for await (const { body } of oldestEvents(db, runId, { type: 'system', after: 0, upTo: lastSeq }))
    thinner.add(systemEventSchema.parse(JSON.parse(body)));
  return thinner.rows;
}
