import { AppError } from '#core/error.ts';
import { runIdPattern, runNumber } from '#core/run/run-name.ts';
import { findIdOf, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Deps } from './deps.ts';

/** The run of a path, by its id or its number as R12 or 12. @throws AppError run_not_found, also for one in the bin and for other text. */
export async function requireRun({ db, index }: Pick<Deps, 'db' | 'index'>, name: string): Promise<StoredRun> {
  const number = runNumber(name);
  const id = number === undefined ? name : await findIdOf(db, number);
  const run = id !== undefined && runIdPattern.test(id) ? await index.find(id) : undefined;
  if (run !== undefined && run.deletedAt === null) return run;
  throw new AppError('run_not_found', 'There is no such run. GET /runs lists those there are.');
}
