import type { Kysely } from 'kysely';
import { prepareHome } from '#trainer/home.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { IndexFile } from '#trainer/sidecar/db/index-file.ts';
import { renameNotebooks } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { lockHome } from '#trainer/home-lock.ts';
import { Indexer } from '#trainer/sidecar/runs/indexer.ts';
import type { ReindexReport } from '#trainer/sidecar/runs/reindex.ts';
import { NotebookNames } from '#trainer/sidecar/runs/notebook-names.ts';
import { Tailer } from '#trainer/sidecar/runs/tailer.ts';
import { WorkspaceRecord } from '#trainer/sidecar/runs/workspace-record.ts';

/** The index of a home, held by this process. */
export interface OpenIndex {
  readonly db: Kysely<Database>;
  reindex(): Promise<ReindexReport>;
}

/**
 * Opens the index, brings it up to date, and closes it when `work` is done.
 * @param note told where it was damaged and is built anew. @throws AppError locked.
 */
export async function workOnIndex<Result>(
  { home, notebooks, runs: runsFolder }: Pick<Settings, 'home' | 'notebooks' | 'runs'>,
  note: (line: string) => void,
  work: (index: OpenIndex) => Promise<Result>,
): Promise<Result> {
  await prepareHome(home);
  const lock = lockHome(runsFolder);
  try {
    const file = await IndexFile.open({ runsFolder });
    const { db } = file;
    if (file.note !== null) note(file.note);
    try {
      const tailer = new Tailer({ db, runsFolder, publish: () => undefined });
      const record = new WorkspaceRecord({ db, runsFolder });
      const names = new NotebookNames({
        ...{ notebooks, runsFolder, warn: () => undefined },
        renamed: async (changed) => void (await renameNotebooks(db, changed)),
      });
      await names.look();
      const index = new Indexer({
        ...{ file, runsFolder, tailer, record, warn: () => undefined },
        nameOf: (notebook, createdAt) => names.nameOf(notebook, createdAt),
      });
      await index.start();
      return await work({ db, reindex: () => index.reindex() });
    } finally {
      await db.destroy();
    }
  } finally {
    lock.release();
  }
}
