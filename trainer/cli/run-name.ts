import type { Kysely } from 'kysely';
import { AppError } from '#core/error.ts';
import { runIdPattern, runNumber } from '#core/run/run-name.ts';
import { findIdOf, findRun, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { answer, type Client } from './client.ts';

/** What help says of an argument that names a run. */
export const runName = 'number of a run, R12 or 12, or its id';

/** The id of the run that a sidecar has under this name. @throws AppError run_not_found. */
export async function askRunId(client: Client, name: string): Promise<string> {
  const number = runNumber(name);
  if (number === undefined) return requireId(name);
  const found = answer(client.runs[':id'].$get({ param: { id: `R${number}` } }));
  const { id } = await found.catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'run_not_found' ? missing(name) : error;
  });
  return id;
}

/** The run that an index has under this name. @throws AppError run_not_found, also for one in the bin. */
export async function requireStored(db: Kysely<Database>, name: string): Promise<StoredRun> {
  const number = runNumber(name);
  const id = number === undefined ? requireId(name) : await findIdOf(db, number);
  const found = id === undefined ? undefined : await findRun(db, id);
  if (found === undefined || found.deletedAt !== null) throw missing(name);
  return found;
}

function requireId(name: string): string {
  if (runIdPattern.test(name)) return name;
  throw missing(name);
}

function missing(name: string): AppError {
  return new AppError('run_not_found', `There is no run ${name.slice(0, 60)}; almanac ls lists those there are.`);
}
