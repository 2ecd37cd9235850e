import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Kysely } from 'kysely';
import { findKey, insertKey } from '#trainer/sidecar/db/key-rows.ts';
import { allRunIds, forgetRun, insertRun, setDeleted } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { readFrozenRun } from '#trainer/run-folder/frozen.ts';
import { runIdPattern } from './id.ts';
import { toNewRow } from './index-run.ts';
import { refoldOutdated } from './refold.ts';
import { Tailer } from './tailer.ts';
import type { WorkspaceRecord } from './workspace-record.ts';

export interface ReindexReport {
  readonly indexed: readonly string[];
  /** Folders, or the workspace record, that could not be indexed, and why; one bad run never hides another. */
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

interface ReindexOptions {
  readonly db: Kysely<Database>;
  readonly runsFolder: string;
  readonly tailer: Tailer;
  readonly record: Pick<WorkspaceRecord, 'apply'>;
}

/**
 * Brings runs into the index whose folders are there and that it does not know, and views of older versions up to this
 * one. Cheap where there are none.
 */
export async function indexMissing(options: ReindexOptions): Promise<ReindexReport> {
  const { db, runsFolder, tailer } = options;
  await refoldOutdated(db);
  const binTailer = new Tailer({ db, runsFolder: binFolder(runsFolder), publish: () => undefined });
  const known = await allRunIds(db);
  const indexed: string[] = [];
  const failed: { id: string; reason: string }[] = [];
  const folders = [
    ...(await runFolders(runsFolder)).map((id) => ({ id, folder: join(runsFolder, id), binned: false })),
    ...(await runFolders(binFolder(runsFolder))).map((id) => ({
      id,
      folder: join(binFolder(runsFolder), id),
      binned: true,
    })),
  ];
  for (const { id, folder, binned } of folders) {
    if (known.has(id)) continue;
    try {
      const { record, config, overrides } = await readFrozenRun(folder);
      if (record.id !== id) throw new Error(`run.json names run ${record.id}`);
      await insertRun(db, toNewRow(record, config, overrides));
      if (record.key !== null && (await findKey(db, record.key.key)) === undefined) {
        const { key, sha256 } = record.key;
        await insertKey(db, { key, body_sha256: sha256, run_id: id, created_at: record.createdAt });
      }
      if (binned) await setDeleted(db, id, record.createdAt);
      // What a run in the bin tells counts as well: that its test rows were seen.
      await (binned ? binTailer : tailer).ingest(id);
      indexed.push(id);
    } catch (error) {
      tailer.forget(id);
      await forgetRun(db, id);
      failed.push({ id, reason: reasonOf(error) });
    }
  }
  // Of a damaged record nothing is known, so names are those of the folders and what was opened is sealed.
  await options.record
    .apply()
    .catch((error: unknown) => failed.push({ id: 'workspace.json', reason: reasonOf(error) }));
  return { indexed, failed };
}

/** Why, for a person and for an answer over HTTP: what the system says of a file names its path on this machine. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, path } = error as NodeJS.ErrnoException;
  return code === undefined || path === undefined ? error.message : `${basename(path)} cannot be read (${code})`;
}

/**
 * Empties the index and builds it again from the run folders.
 * @throws AppError state_conflict, with the index as it was, where the workspace record is damaged.
 */
export async function reindex(options: ReindexOptions): Promise<ReindexReport> {
  await options.record.apply();
  for (const id of await allRunIds(options.db)) {
    await forgetRun(options.db, id);
    options.tailer.forget(id);
  }
  await options.db.deleteFrom('keys').execute();
  return indexMissing(options);
}

/** Deleted runs lie here until somebody empties it. */
export function binFolder(runsFolder: string): string {
  return join(runsFolder, '.bin');
}

async function runFolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && runIdPattern.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}
