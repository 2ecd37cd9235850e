import type { Kysely } from 'kysely';
import { findRun, forgetRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { faultOfFile } from './file-fault.ts';
import { refoldOutdated } from './refold.ts';
import { binFolder, type RunPlace, type StockTaker } from './stock.ts';
import { Tailer } from './tailer.ts';
import type { WorkspaceRecord } from './workspace-record.ts';

export interface ReindexReport {
  readonly indexed: readonly string[];
  /** Folders, or the workspace record, that could not be indexed, and why; one bad run never hides another. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

interface IndexingOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly tailer: Tailer;
  readonly stock: StockTaker;
  readonly record: Pick<WorkspaceRecord, 'apply'>;
  /** Ends it early: the next start goes on. */
  readonly signal?: AbortSignal;
  /** Told of the folders looked at, when every one has its row, and of each run whose log has been read. */
  readonly progress?: {
    looked(runs: number, of: number): void;
    stocked(ids: readonly string[]): void;
    read(id: string): void;
  };
}

/**
 * Brings the index up to the run folders: rows for folders that have none, what people have said of runs, and what is
 * new in their logs, or all of it where the log is not the one that was read. Cheap where all of it is there.
 */
export async function indexFolders(options: IndexingOptions): Promise<ReindexReport> {
  const { db, runsFolder, tailer, stock, signal, progress } = options;
  const binTailer = new Tailer({ db, runsFolder: binFolder(runsFolder), publish: () => undefined });
  const { places, added, failed: lost } = await stock.take(progress?.looked);
  const failed = lost.map(({ id, error }) => ({ id, reason: faultOfFile(error) }));
  // Of a damaged record nothing is known, so names are those of the folders and what was opened is sealed.
  await options.record
    .apply()
    .catch((error: unknown) => failed.push({ id: 'workspace.json', reason: faultOfFile(error) }));
  // What is in the bin and in the index stays as it is: nothing writes to it.
  const wanted = places.filter(({ id, isBinned }) => !isBinned || added.has(id));
  progress?.stocked(wanted.map(({ id }) => id));
  await refoldOutdated(db);
  for (const { id, isBinned } of wanted) {
    signal?.throwIfAborted();
    try {
      await (isBinned ? binTailer : tailer).ingest(id);
    } catch (error) {
      tailer.forget(id);
      // Of one that says what is wrong with its log, that is shown.
      if (added.has(id) && (await findRun(db, id))?.damage === null) await forgetRun(db, id);
      if (await isStill(stock, { id, isBinned })) failed.push({ id, reason: faultOfFile(error) });
    }
    progress?.read(id);
  }
  const out = new Set(failed.map(({ id }) => id));
  return { indexed: [...added].filter((id) => !out.has(id)).sort(), failed };
}

/** Whether a run is where it was: one that went to the bin meanwhile has not failed. */
async function isStill(stock: StockTaker, { id, isBinned }: Pick<RunPlace, 'id' | 'isBinned'>): Promise<boolean> {
  return (await stock.find(id))?.isBinned === isBinned;
}
