import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import { openRuns } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import { prepareHome } from '#trainer/home.ts';
import { findSidecar, lockHome } from '#trainer/sidecar/runs/home-lock.ts';
import { indexMissing, reindex, type ReindexReport } from '#trainer/sidecar/runs/reindex.ts';
import { Tailer } from '#trainer/sidecar/runs/tailer.ts';
import { type Client, createClient } from './client.ts';

/** The sidecar of this home that runs already; null where none does. */
export function findClient(settings: Settings): Client | null {
  const url = findSidecar(settings.runs);
  return url === null ? null : createClient(url, settings.givenToken ?? settings.token);
}

/** A sidecar to work with: the one that runs, else one of our own for as long as `work` takes. */
export async function withSidecar<Result>(
  settings: Settings,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const running = findClient(settings);
  if (running !== null) return work(running);
  const { startSidecar } = await import('#trainer/sidecar/main.ts');
  const own = await startSidecar({ ...settings, host: '127.0.0.1', token: null, trainerPort: 0 });
  try {
    return await work(createClient(own.url, null));
  } finally {
    await own.close();
  }
}

/** The index of a home that no sidecar serves, brought up to date; nothing is started. */
export async function withIndex<Result>(
  settings: Settings,
  work: (index: { readonly db: Kysely<Database>; reindex(): Promise<ReindexReport> }) => Promise<Result>,
): Promise<Result> {
  await prepareHome(settings.home);
  const lock = lockHome(settings.runs);
  try {
    const db = await connectDatabase(join(settings.runs, 'almanac.db'));
    try {
      const tailer = new Tailer({ db, runsFolder: settings.runs, publish: () => undefined });
      const indexing = { db, runsFolder: settings.runs, tailer };
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
