import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { replaceJson } from '#disk/replace-file.ts';
import { setLabels } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** `runs/workspace.json`: what people have said about runs after they were created. Everything else is in the folders. */
const workspaceSchema = z.object({
  runs: z.record(z.string(), z.object({ name: z.string(), tags: z.array(z.string()), notes: z.string() })),
});
type Workspace = z.infer<typeof workspaceSchema>;

async function readWorkspace(runsFolder: string): Promise<Workspace> {
  try {
    return workspaceSchema.parse(JSON.parse(await readFile(join(runsFolder, 'workspace.json'), 'utf8')));
  } catch {
    return { runs: {} };
  }
}

/** Labels a run, in the index and in the backup. */
export async function labelRun(
  db: Kysely<Database>,
  runsFolder: string,
  id: string,
  labels: Workspace['runs'][string],
): Promise<void> {
  const workspace = await readWorkspace(runsFolder);
  const path = join(runsFolder, 'workspace.json');
  const next: Workspace = { runs: { ...workspace.runs, [id]: labels } };
  await replaceJson(path, next);
  await setLabels(db, id, labels);
}

/** Puts the backed-up labels onto the runs of the index. */
export async function applyWorkspace(db: Kysely<Database>, runsFolder: string): Promise<void> {
  const { runs } = await readWorkspace(runsFolder);
  for (const [id, labels] of Object.entries(runs)) await setLabels(db, id, labels);
}
