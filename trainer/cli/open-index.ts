import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { prepareHome } from '#trainer/home.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import { openRuns } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { lockHome } from '#trainer/home-lock.ts';
import { indexMissing, reindex, type ReindexReport } from '#trainer/sidecar/runs/reindex.ts';
import { Tailer } from '#trainer/sidecar/runs/tailer.ts';
import { WorkspaceRecord } from '#trainer/sidecar/runs/workspace-record.ts';

/** The index of a home, held by this process. */
export interface OpenIndex {
  readonly db: Kysely<Database>;
  reindex(): Promise<ReindexReport>;
}

/** Opens the index, brings it up to date, and closes it when `work` is done. @throws AppError locked. */
export async function workOnIndex<Result>(
  settings: Settings,
  work: (index: OpenIndex) => Promise<Result>,
): Promise<Result> {
  await prepareHome(settings.home);
  const lock = lockHome(settings.runs);
  try {
    const db = await connectDatabase(join(settings.runs, 'almanac.db'));
    try {
      const tailer = new Tailer({ db, runsFolder: settings.runs, publish: () => undefined });
      const record = new WorkspaceRecord({ db, runsFolder: settings.runs });
      const indexing = { db, runsFolder: settings.runs, tailer, record };
      await indexMissing(indexing);
      for (const run of await openRuns(db)) await tailer.ingest(run.id);
      return await work({ db, reindex: () => reindex(indexing) });
    } finally {
      await db.destroy();
    }
  } finally {
    lock.release();
  }
}
