import type { FileHandle } from 'node:fs/promises';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { AppError } from '#core/error.ts';
import { emptyRunView, type RunView } from '#core/run/reduce.ts';
import { runFiles } from '#core/run/run-files.ts';
import { hasEnded } from '#core/run/state.ts';
import { openPlainFile } from '#disk/plain-file.ts';
import { type StoredEvent, storeBatch } from '#trainer/sidecar/db/event-rows.ts';
import {
  clearRows,
  findLogPosition,
  type LogPosition,
  markUnreadable,
  startLogAnew,
} from '#trainer/sidecar/db/log-rows.ts';
import { loopTurn, rowsATurn } from '#trainer/sidecar/db/loop-turn.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { readLines, tailDigest } from '#trainer/run-folder/log-lines.ts';
import { type LogPiece, toPieces } from './log-pieces.ts';
import { Turns } from './turns.ts';

interface TailerOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  /** Told of events when they are stored. */
  readonly publish: (runId: string, events: readonly StoredEvent[]) => void;
  /** Told when a log is read from its beginning again: what was published of it no longer counts. */
  readonly restarted?: (runId: string) => void;
}

/** Bytes behind the end of a log from which on the index is said to be behind. */
const farBehind = 1 << 22;

/**
 * Brings `events.jsonl` files into the index. Of one run at most one read is under way; what is new is stored first
 * (events and byte offset in one transaction, a piece a turn of the event loop) and only then published. A log that is
 * shorter than what was read of it, or another one, is read anew, and the run says so.
 */
export class Tailer {
  readonly #options: TailerOptions;
  readonly #positions = new Map<string, LogPosition>();
  readonly #reads = new Turns();
  /** Whatever changes what is indexed of a log, of whichever run. */
  readonly #stores = new Turns();
  readonly #behind = new Map<string, { readonly offset: number; readonly size: number }>();
  #isClosed = false;
  /** Counts the indexes that were put in the place of one another: a position holds for one of them. */
  #index = 0;

  constructor(options: TailerOptions) {
    this.#options = options;
  }

  /** Reads all whole lines that are new. @throws AppError state_conflict where there is no log that can be read. */
  ingest(runId: string): Promise<LogPosition> {
    // A read that is under way may have looked at the file before the caller's line was there: read again after it.
    return this.#reads.take(runId, () => this.#read(runId));
  }

  /** Drops what is remembered of a run that has ended or left the index; the index has it all. */
  forget(runId: string): void {
    this.#positions.delete(runId);
  }

  /** Share of a log that is in the index, 0 to 1, while a long one is being read; null where the index is not far behind. */
  shareRead(runId: string): number | null {
    const at = this.#behind.get(runId);
    return at === undefined ? null : at.offset / at.size;
  }

  /** Gives up reads that are long, and waits for the others: what is missing is read at the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reads.settled();
  }

  /** Puts another index in the place of this one: nothing is stored meanwhile, and all positions are those of the new one. */
  exchange(work: () => Promise<void>): Promise<void> {
    return this.#stores.take('index', async () => {
      await work();
      this.#positions.clear();
      this.#index++;
    });
  }

  async #read(runId: string): Promise<LogPosition> {
    try {
      for (;;) {
        const at = await this.#readOn(runId);
        if (at !== null) return at;
      }
    } catch (error) {
      this.#positions.delete(runId);
      throw error;
    } finally {
      this.#behind.delete(runId);
    }
  }

  /** Reads to the end of the log; null where the index was exchanged meanwhile. */
  async #readOn(runId: string): Promise<LogPosition | null> {
    const index = this.#index;
    const file = await this.#open(runId);
    if (file === null) return this.#readNothing(runId);
    try {
      const { size } = await file.stat();
      let at: LogPosition | null = await this.#check(runId, file, size);
      while (at.offset < size) {
        const chunk = await readLines(file, at.offset);
        if (chunk.next === at.offset) break;
        if (size - at.offset > farBehind) {
          if (this.#isClosed) throw new Error('Almanac is being ended.');
          this.#behind.set(runId, { offset: at.offset, size });
        }
        for (const piece of toPieces(chunk, at.view, rowsATurn)) {
          at = await this.#store(runId, at, piece, await tailDigest(file, piece.to), index);
          if (at === null) return null;
          if (at.offset < size) await loopTurn();
        }
      }
      return at;
    } finally {
      await file.close();
    }
  }

  /** The open log; null where there is none. What lies in its place and is no file is said in the run. */
  async #open(runId: string): Promise<FileHandle | null> {
    const folder = join(this.#options.runsFolder, runId);
    try {
      return await openPlainFile(join(folder, runFiles.events));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') {
        // Without its folder the run is gone, and that is another matter.
        await access(folder);
        return null;
      }
      const why = error instanceof AppError ? message : `${runFiles.events} may not be read (${code}).`;
      if (!(error instanceof AppError) && code !== 'EACCES' && code !== 'EPERM') throw error;
      await this.#markUnreadable(runId, why);
      throw new AppError('state_conflict', `The log of run ${runId} cannot be read: ${why}`, { cause: error });
    }
  }

  /** Where the index stands: at the beginning, with the reason in the run, where the log is not the one it has. */
  async #check(runId: string, file: FileHandle, size: number): Promise<LogPosition> {
    const at = await this.#findPosition(runId);
    if (at.offset > size) {
      const bytes = `${size.toLocaleString('en')} of ${at.offset.toLocaleString('en')} bytes`;
      return this.#startAnew(
        runId,
        `Its log was found shorter than what had been read of it (${bytes}), as after a power failure or from a backup.`,
      );
    }
    if (at.tail !== null && at.tail !== (await tailDigest(file, at.offset)))
      return this.#startAnew(runId, 'Its log was found to be another one than had been read, as from a backup.');
    if (at.offset > 0 || at.view.lastSeq > 0) return at;
    // A reading anew that was cut off has left rows.
    await this.#stores.take('index', () => clearRows(this.#options.db, runId));
    return at;
  }

  /** A log that is gone: as one that holds nothing. */
  async #readNothing(runId: string): Promise<LogPosition> {
    const at = await this.#findPosition(runId);
    if (at.offset === 0) return at;
    return this.#startAnew(runId, `Its log ${runFiles.events} was found gone.`);
  }

  async #startAnew(runId: string, why: string): Promise<LogPosition> {
    const { db, restarted } = this.#options;
    await this.#stores.take('index', async () => {
      await startLogAnew(db, runId, `${why} It was read anew: what is shown is what it says now.`);
      await clearRows(db, runId);
    });
    restarted?.(runId);
    const at = { offset: 0, tail: null, view: emptyRunView() };
    this.#positions.set(runId, at);
    return at;
  }

  async #markUnreadable(runId: string, why: string): Promise<void> {
    const { db } = this.#options;
    await this.#stores.take('index', async () => {
      const stored = await findLogPosition(db, runId);
      if (stored === undefined) return;
      const before = stored.view;
      const view: RunView = hasEnded(before.status) ? before : { ...before, status: 'interrupted', reason: why };
      await markUnreadable(db, runId, view, `Its log cannot be read: ${why}`);
    });
  }

  async #findPosition(runId: string): Promise<LogPosition> {
    const known = this.#positions.get(runId);
    if (known !== undefined) return known;
    const stored = await findLogPosition(this.#options.db, runId);
    if (stored === undefined) throw new Error(`Run ${runId} is not in the index.`);
    return stored;
  }

  /** Stores and publishes a piece behind `at`; where the index stands then, or null where it is not that index any more. */
  #store(runId: string, at: LogPosition, piece: LogPiece, tail: string, index: number): Promise<LogPosition | null> {
    return this.#stores.take('index', async () => {
      if (index !== this.#index) return null;
      await storeBatch(this.#options.db, { runId, ...piece, from: at.offset, tail });
      const after = { offset: piece.to, tail, view: piece.view };
      this.#positions.set(runId, after);
      if (piece.events.length > 0) {
        const stored = piece.events.map(({ event, body }) => ({ seq: event.seq, type: event.type, body }));
        this.#options.publish(runId, stored);
      }
      return after;
    });
  }
}
