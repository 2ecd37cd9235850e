import { AppError } from '#core/error.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { runIdPattern } from '#trainer/sidecar/runs/id.ts';
import type { Deps } from './deps.ts';

/** The run of a path. @throws AppError run_not_found, also for one in the bin and for text that is no id. */
export async function requireRun(deps: Pick<Deps, 'index'>, id: string): Promise<StoredRun> {
  const run = runIdPattern.test(id) ? await deps.index.find(id) : undefined;
  if (run !== undefined && run.deletedAt === null) return run;
  throw new AppError('run_not_found', 'There is no such run. GET /runs lists those there are.');
}
