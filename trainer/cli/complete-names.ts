import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFinal, isLive, type RunState } from '#core/run/state.ts';
import { connectDatabase } from '#trainer/sidecar/db/connect.ts';
import { listRuns } from '#trainer/sidecar/db/run-rows.ts';
import { notebookNames } from '#trainer/sidecar/runs/read-notebook.ts';
import type { Settings } from '#trainer/settings/settings.ts';
import type { Candidate } from './candidate.ts';

/** States in which a command can do something with a run; a command that is not here takes any. */
const fitting: Readonly<Record<string, (state: RunState) => boolean>> = {
  cancel: (state) => !isFinal(state),
  pause: (state) => state === 'running',
  resume: (state) => state === 'paused' || state === 'interrupted',
  rm: (state) => !isLive(state) && state !== 'queued',
};

/** Numbers of the newest runs that this command fits. The index is read as it is, beside a sidecar or without one. */
export async function completeRuns({ runs }: Settings, command: string): Promise<readonly Candidate[]> {
  const file = join(runs, 'almanac.db');
  if (!existsSync(file)) return [];
  const db = await connectDatabase(file);
  try {
    const found = await listRuns(db, { sort: '-number', limit: 100, offset: 0 });
    return found
      .filter(({ status }) => fitting[command]?.(status) ?? true)
      .map(({ number, name, status }) => ({ value: `R${number}`, what: `${status}: ${name}` }));
  } finally {
    await db.destroy();
  }
}

/** Names of the notebooks of the home. */
export async function completeNotebooks({ notebooks }: Settings): Promise<readonly Candidate[]> {
  return (await notebookNames(notebooks)).map((value) => ({ value, what: 'notebook' }));
}
