import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { IndexStatus } from '#core/api/machine.ts';
import { runFiles } from '#core/run/run-files.ts';
import type { IndexFile } from '#trainer/sidecar/db/index-file.ts';
import { carryOver, findRun, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { indexFolders, type ReindexReport } from './reindex.ts';
import { type NotebookNaming, StockTaker } from './stock.ts';
import { Tailer } from './tailer.ts';
import { WorkspaceRecord } from './workspace-record.ts';

interface IndexerOptions {
  readonly file: IndexFile;
  readonly runsFolder: string;
  readonly tailer: Tailer;
  readonly record: WorkspaceRecord;
  readonly nameOf: NotebookNaming;
  /** Told when another index is in the place of this one. */
  readonly exchanged?: () => void;
  /** Does the work while no run is being made. */
  readonly between?: (work: () => Promise<void>) => Promise<void>;
  readonly warn: (message: string, error: unknown) => void;
}

/** Bytes of a log that whoever asks for its run waits for. */
const shortLog = 1 << 22;

/**
 * Keeps the index and the run folders together: brings it up to them at the start, behind the requests that are answered
 * meanwhile, and builds it again beside the one that serves, which stays as it is until the new one is whole.
 */
export class Indexer {
  readonly #options: IndexerOptions;
  readonly #stock: StockTaker;
  /** Runs whose logs were not looked at since the start. */
  readonly #unread = new Set<string>();
  readonly #stocked = Promise.withResolvers<void>();
  #status: IndexStatus = { state: 'indexing', listed: 0, done: 0, total: 0, failed: [] };
  #isStocked = false;
  #start: Promise<ReindexReport> | null = null;
  #rebuilding: Promise<ReindexReport> | null = null;

  constructor(options: IndexerOptions) {
    this.#options = options;
    const { file, runsFolder, nameOf } = options;
    this.#stock = new StockTaker({ db: file.db, runsFolder, nameOf });
    options.file.onDamage((error) => this.#mend(error));
  }

  /** Resolves when every run folder is known: from then on numbers and keys of new runs are right. @throws as start. */
  async stocked(): Promise<void> {
    if (!this.#isStocked) await Promise.race([this.#stocked.promise, this.start()]);
  }

  /** How far it is, for people. */
  status(): IndexStatus {
    return this.#status;
  }

  /** Brings the index up to the folders, once. @throws where the disk takes no more. */
  start(signal?: AbortSignal): Promise<ReindexReport> {
    this.#start ??= this.#bringUp(signal).catch((error: unknown) => {
      this.#start = null;
      throw error;
    });
    return this.#start;
  }

  /** The run as its folder has it, before the start has come to it as well; a long log is not waited for. */
  async find(id: string): Promise<StoredRun | undefined> {
    const { db } = this.#options.file;
    const run = await findRun(db, id);
    if (this.#isStocked && !this.#unread.has(id)) return run;
    if (run === undefined) {
      const place = await this.#stock.find(id);
      if (place === null) return undefined;
      await this.#stock.add(place).catch(() => undefined);
    }
    const behind = (await this.#logBytes(id)) - (run?.logOffset ?? 0);
    if (behind <= shortLog)
      await this.#options.tailer.ingest(id).then(
        () => this.#unread.delete(id),
        () => undefined,
      );
    return findRun(db, id);
  }

  /** Share of the log of a run that is in the index, 0 to 1; null where all of it is. */
  shareRead(id: string): number | null {
    return this.#options.tailer.shareRead(id) ?? (this.#unread.has(id) ? 0 : null);
  }

  /**
   * Builds the index again from the folders; who asks while that is done gets the same answer.
   * @throws AppError state_conflict, with the index as it was, where the workspace record is damaged.
   */
  reindex(): Promise<ReindexReport> {
    this.#rebuilding ??= this.#rebuild().finally(() => {
      this.#rebuilding = null;
      this.#status = { ...this.#status, state: 'ready' };
    });
    return this.#rebuilding;
  }

  async #bringUp(signal?: AbortSignal): Promise<ReindexReport> {
    const { file, runsFolder, tailer, record } = this.#options;
    const stock = this.#stock;
    const parts = { db: file.db, runsFolder, tailer, record, stock, signal };
    const report = this.#tell(await indexFolders({ ...parts, progress: this.#progress() }));
    this.#unread.clear();
    this.#status = { ...this.#status, state: 'ready', failed: report.failed };
    return report;
  }

  async #rebuild(): Promise<ReindexReport> {
    const { file, runsFolder, tailer, record, nameOf, exchanged, between = (work) => work(), warn } = this.#options;
    await this.#start?.catch(() => undefined);
    await record.apply();
    const draft = await file.draft();
    try {
      this.#status = { state: 'rebuilding', listed: 0, done: 0, total: 0, failed: [] };
      const parts = {
        ...{ db: draft, runsFolder, stock: new StockTaker({ db: draft, runsFolder, nameOf }) },
        tailer: new Tailer({ db: draft, runsFolder, publish: () => undefined }),
        record: new WorkspaceRecord({ db: draft, runsFolder }),
      };
      const report = await indexFolders({ ...parts, progress: this.#progress() });
      await between(() =>
        tailer.exchange(async () => {
          // What was made and written meanwhile; from here on nothing is, until the new index serves.
          await indexFolders(parts);
          const note = await file.exchange(draft, (old) => carryOver(old, draft).catch(() => undefined));
          if (note !== null) warn('The index', note);
        }),
      );
      exchanged?.();
      // What people have said since the draft was given it.
      await record.apply();
      this.#status = { ...this.#status, failed: report.failed };
      return this.#tell(report);
    } catch (error) {
      await file.discard(draft);
      throw error;
    }
  }

  #tell(report: ReindexReport): ReindexReport {
    for (const { id, reason } of report.failed)
      this.#options.warn(`${id} in the runs folder could not be indexed`, reason);
    return report;
  }

  #progress() {
    return {
      looked: (runs: number, of: number) => {
        this.#status = { ...this.#status, listed: runs, total: of };
      },
      stocked: (ids: readonly string[]) => {
        if (!this.#isStocked) for (const id of ids) this.#unread.add(id);
        this.#isStocked = true;
        this.#stocked.resolve();
        this.#status = { ...this.#status, listed: ids.length, total: ids.length };
      },
      read: (id: string) => {
        this.#unread.delete(id);
        this.#status = { ...this.#status, done: this.#status.done + 1 };
      },
    };
  }

  /** The file was found damaged while it serves: another is built, and until then what can be read of it is. */
  #mend(error: Error): void {
    if (this.#rebuilding !== null) return;
    const { warn } = this.#options;
    this.reindex().catch((failure: unknown) =>
      warn(`The index is damaged (${error.message}) and cannot be built again`, failure),
    );
  }

  async #logBytes(id: string): Promise<number> {
    const path = join(this.#options.runsFolder, id, runFiles.events);
    return stat(path).then(
      ({ size }) => size,
      () => 0,
    );
  }
}
