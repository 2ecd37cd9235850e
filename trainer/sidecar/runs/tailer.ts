import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { runFiles } from '#core/run/run-files.ts';
import { eventSchema, type RunEvent } from '#core/run/event.ts';
import { reduceRun, type RunView } from '#core/run/reduce.ts';
import { type StoredEvent, storeBatch } from '#trainer/sidecar/db/event-rows.ts';
import { findRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { type LineChunk, readLines } from '#trainer/run-folder/log-lines.ts';
import { Turns } from './turns.ts';

/** Where the index stands in the log of a run. */
interface LogPosition {
  readonly offset: number;
  readonly view: RunView;
}

interface TailerOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  /** Told of events when they are stored. */
  readonly publish: (runId: string, events: readonly StoredEvent[]) => void;
}

/**
 * Brings `events.jsonl` files into the index. Of one run at most one read is under way; what is new is stored first
 * (events and byte offset in one transaction) and only then published.
 */
export class Tailer {
  readonly #options: TailerOptions;
  readonly #positions = new Map<string, LogPosition>();
  readonly #reads = new Turns();

  constructor(options: TailerOptions) {
    this.#options = options;
  }

  /** Reads all whole lines that are new. @throws where the log is gone or has become shorter than what was indexed. */
  ingest(runId: string): Promise<LogPosition> {
    // A read that is under way may have looked at the file before the caller's line was there: read again after it.
    return this.#reads.take(runId, () => this.#read(runId));
  }

  /** Drops what is remembered of a run that has ended or left the index; the index has it all. */
  forget(runId: string): void {
    this.#positions.delete(runId);
  }

  async #read(runId: string): Promise<LogPosition> {
    let at = await this.#findPosition(runId);
    const file = await open(join(this.#options.runsFolder, runId, runFiles.events), 'r');
    try {
      const { size } = await file.stat();
      if (size < at.offset) throw new Error(`The log of run ${runId} has become shorter than what was read of it.`);
      while (at.offset < size) {
        const chunk = await readLines(file, at.offset);
        if (chunk.next === at.offset) break;
        at = await this.#take(runId, at, chunk);
      }
      this.#positions.set(runId, at);
      return at;
    } catch (error) {
      this.#positions.delete(runId);
      throw error;
    } finally {
      await file.close();
    }
  }

  async #findPosition(runId: string): Promise<LogPosition> {
    const known = this.#positions.get(runId);
    if (known !== undefined) return known;
    const run = await findRun(this.#options.db, runId);
    if (run === undefined) throw new Error(`Run ${runId} is not in the index.`);
    return { offset: run.logOffset, view: run.view };
  }

  /** Stores and publishes what a chunk behind `at` holds; where the index stands then. */
  async #take(runId: string, at: LogPosition, chunk: LineChunk): Promise<LogPosition> {
    const batch = parseChunk(chunk, at.view);
    await storeBatch(this.#options.db, { runId, ...batch, from: at.offset, to: chunk.next });
    const after = { offset: chunk.next, view: batch.view };
    this.#positions.set(runId, after);
    if (batch.events.length > 0) {
      const stored = batch.events.map(({ event, body }) => ({ seq: event.seq, type: event.type, body }));
      this.#options.publish(runId, stored);
    }
    return after;
  }
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
