import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasEnded, isLive, isResumable } from '#core/run/state.ts';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import { listRuns, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { notebookNames } from '#trainer/sidecar/runs/read-notebook.ts';
import { testStateOf } from '#trainer/sidecar/runs/seal.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import type { Candidate } from './candidate.ts';

/** Runs with which a command can do something; a command that is not here takes any. */
const fitting: Readonly<Record<string, (run: StoredRun) => boolean>> = {
  cancel: ({ status }) => !hasEnded(status),
  pause: ({ status }) => status === 'running',
  resume: ({ status }) => status === 'paused' || isResumable(status),
  rm: ({ status }) => !isLive(status) && status !== 'queued',
  'open-test': (run) => testStateOf(run) === 'sealed',
};

/** Numbers of the newest runs that this command fits. The index is read as it is, beside a sidecar or without one. */
export async function completeRuns({ runs }: Settings, command: string): Promise<readonly Candidate[]> {
  const file = join(runs, 'almanac.db');
  if (!existsSync(file)) return [];
  const db = await connectDatabase(file);
  try {
    const found = await listRuns(db, { sort: '-number', limit: 100, offset: 0 });
    return found
      .filter((run) => fitting[command]?.(run) ?? true)
      .map(({ number, name, status }) => ({ value: `R${number}`, what: `${status}: ${name}` }));
  } finally {
    await db.destroy();
  }
}

/** Names of the notebooks of the home. */
export async function completeNotebooks({ notebooks }: Settings): Promise<readonly Candidate[]> {
  return (await notebookNames(notebooks)).map((value) => ({ value, what: 'notebook' }));
}
