import type { Kysely } from 'kysely';
import type { LogsAnswer } from '#core/api/run-answers.ts';
import { eventSchema } from '#core/run/event.ts';
import { logEventsAfter } from '#trainer/sidecar/db/event-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** Lines of a run's log after the event `offset`, `limit` at most, and where to go on. */
export async function readLogLines(
  db: Kysely<Database>,
  runId: string,
  offset: number,
  limit: number,
): Promise<LogsAnswer> {
  const lines = (await logEventsAfter(db, runId, offset, limit)).flatMap(({ body }) => {
    const event = eventSchema.parse(JSON.parse(body));
    if (event.type !== 'log') return [];
    const { seq, at, attempt, level, message } = event;
    return [{ seq, at, attempt, level, message }];
  });
  return { lines, next: lines.at(-1)?.seq ?? offset };
}
