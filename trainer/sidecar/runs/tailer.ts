import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { eventSchema, type RunEvent } from '#core/run/event.ts';
import { reduceRun, type RunView } from '#core/run/reduce.ts';
import { runFiles } from '#core/run/run-files.ts';
import { type StoredEvent, storeBatch } from '#trainer/sidecar/db/event-rows.ts';
import { findRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { type LineChunk, readLines } from '#trainer/run-folder/log-lines.ts';

/** Where the index stands in the log of a run. */
export interface LogPosition {
  readonly offset: number;
  readonly view: RunView;
}

/**
 * Brings `events.jsonl` files into the index. Of one run at most one read is under way; what is new is stored first
 * (events and byte offset in one transaction) and only then published.
 */
export interface Tailer {
  /** Reads all whole lines that are new. @throws where the log is gone or has become shorter than what was indexed. */
  ingest(runId: string): Promise<LogPosition>;
  /** Drops what is remembered of a run that has ended or left the index; the index has it all. */
  forget(runId: string): void;
}

export function createTailer(deps: {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly publish: (runId: string, events: readonly StoredEvent[]) => void;
}): Tailer {
  const positions = new Map<string, LogPosition>();
  const running = new Map<string, Promise<LogPosition>>();

  async function position(runId: string): Promise<LogPosition> {
    const known = positions.get(runId);
    if (known !== undefined) return known;
    const run = await findRun(deps.db, runId);
    if (run === undefined) throw new Error(`Run ${runId} is not in the index.`);
    return { offset: run.logOffset, view: run.view };
  }

  async function read(runId: string): Promise<LogPosition> {
    let at = await position(runId);
    const file = await open(join(deps.runsFolder, runId, runFiles.events), 'r');
    try {
      const { size } = await file.stat();
      if (size < at.offset) throw new Error(`The log of run ${runId} has become shorter than what was read of it.`);
      while (at.offset < size) {
        const chunk = await readLines(file, at.offset);
        if (chunk.next === at.offset) break;
        const batch = parseChunk(chunk, at.view);
        await storeBatch(deps.db, { runId, ...batch, from: at.offset, to: chunk.next });
        at = { offset: chunk.next, view: batch.view };
        positions.set(runId, at);
        if (batch.events.length > 0) {
          deps.publish(
            runId,
            batch.events.map(({ event, body }) => ({ seq: event.seq, type: event.type, body })),
          );
        }
      }
      positions.set(runId, at);
      return at;
    } catch (error) {
      positions.delete(runId);
      throw error;
    } finally {
      await file.close();
    }
  }

  return {
    ingest(runId) {
      // A read that is under way may have looked at the file before the caller's line was there: read again after it.
      const before = running.get(runId) ?? Promise.resolve();
      const next = before.then(
        () => read(runId),
        () => read(runId),
      );
      running.set(runId, next);
      const done = () => {
        if (running.get(runId) === next) running.delete(runId);
      };
      next.then(done, done);
      return next;
    },
    forget(runId) {
      positions.delete(runId);
    },
  };
}

interface ParsedChunk {
  readonly events: readonly { readonly event: RunEvent; readonly body: string }[];
  readonly bad: readonly { readonly offset: number; readonly bytes: number; readonly reason: string }[];
  readonly view: RunView;
}

function parseChunk(chunk: LineChunk, before: RunView): ParsedChunk {
  const events: { event: RunEvent; body: string }[] = [];
  const bad: { offset: number; bytes: number; reason: string }[] = [];
  let view = before;
  for (const { offset, bytes, text } of chunk.lines) {
    const parsed = parseEvent(text, view.lastSeq);
    if ('reason' in parsed) {
      bad.push({ offset, bytes, reason: parsed.reason });
      continue;
    }
    events.push(parsed);
    view = reduceRun(view, parsed.event);
  }
  return { events, bad, view };
}

function parseEvent(text: string | null, lastSeq: number): { event: RunEvent; body: string } | { reason: string } {
  if (text === null) return { reason: 'longer than 1 MB' };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: 'not JSON' };
  }
  const parsed = eventSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { reason: `not an event: ${issue.path.join('.')}: ${issue.message}` };
  }
  if (parsed.data.seq <= lastSeq) return { reason: `seq ${parsed.data.seq} after ${lastSeq}` };
  // Written again rather than copied, so that no carriage return or stray space reaches a stream.
  return { event: parsed.data, body: JSON.stringify(value) };
}
