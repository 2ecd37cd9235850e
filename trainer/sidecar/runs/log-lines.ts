import type { Kysely } from 'kysely';
import type { LogsAnswer } from '#core/api/run-answers.ts';
import { eventSchema } from '#core/run/event.ts';
import { newestEvents, oldestEvents, type StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

interface LogPart {
  /** Behind which event. */
  readonly offset: number;
  /** Up to which event. */
  readonly upTo: number;
  /** Most lines. */
  readonly limit: number;
  /** Whether the newest lines of them are wanted, not the oldest. */
  readonly isTail?: boolean;
}

/** Lines of a run's log, oldest first, and where to go on. */
export async function readLogLines(
  db: Kysely<Database>,
  runId: string,
  { offset, upTo, limit, isTail = false }: LogPart,
): Promise<LogsAnswer> {
  const range = { type: 'log', after: offset, upTo } as const;
  const lines: LogsAnswer['lines'] = [];
  for await (const stored of isTail ? newestEvents(db, runId, range) : oldestEvents(db, runId, range)) {
    lines.push(...toLine(stored));
    if (lines.length === limit) break;
  }
  if (isTail) lines.reverse();
  const next = lines.at(-1)?.seq ?? offset;
  return { lines, next, lastSeq: !isTail && lines.length === limit ? next : Math.max(offset, upTo) };
}

function toLine({ body }: StoredEvent): LogsAnswer['lines'] {
  const event = eventSchema.parse(JSON.parse(body));
  if (event.type !== 'log') return [];
  const { seq, at, attempt, level, message } = event;
  return [{ seq, at, attempt, level, message }];
}
