import { AppError } from '#core/error.ts';
import { findRunId, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { runIdPattern } from '#trainer/sidecar/runs/id.ts';
import type { Deps } from './deps.ts';

/** The run of a path. @throws AppError run_not_found, also for one in the bin and for text that is no id. */
export async function requireRun(deps: Pick<Deps, 'index'>, id: string): Promise<StoredRun> {
  const run = runIdPattern.test(id) ? await deps.index.find(id) : undefined;
  if (run !== undefined && run.deletedAt === null) return run;
  throw new AppError('run_not_found', 'There is no such run. GET /runs lists those there are.');
}

/** The same of a run's number, as R12 or 12, or its id. @throws AppError run_not_found naming it. */
export async function requireNamedRun(deps: Pick<Deps, 'index' | 'db'>, name: string): Promise<StoredRun> {
  const number = /^[Rr]?(\d{1,9})$/.exec(name)?.[1];
  const id = number === undefined ? name : await findRunId(deps.db, Number(number));
  const run = id === undefined || !runIdPattern.test(id) ? undefined : await deps.index.find(id);
  if (run !== undefined && run.deletedAt === null) return run;
  const where = run === undefined ? 'There is no run' : 'In the bin is';
  throw new AppError('run_not_found', `${where} ${name}. GET /runs lists those there are.`);
}
