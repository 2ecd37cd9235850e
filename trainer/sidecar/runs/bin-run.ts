import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { setDeleted } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { binFolder } from './stock.ts';

/** Moves the folder of a run that has ended to `runs/.bin`, whole and unchanged, and takes it out of every list. */
export async function binRun(db: Kysely<Database>, runsFolder: string, id: string, now = new Date()): Promise<void> {
  await mkdir(binFolder(runsFolder), { recursive: true });
  await rename(join(runsFolder, id), join(binFolder(runsFolder), id));
  await setDeleted(db, id, now.toISOString());
}
