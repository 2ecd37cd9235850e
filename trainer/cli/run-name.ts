import type { Kysely } from 'kysely';
import { AppError } from '#core/error.ts';
import { findIdOf, findRun, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { answer, type Client } from './client.ts';

/** What help says of an argument that names a run. */
export const runName = 'number of a run, R12 or 12, or its id';

/** The id of the run that a sidecar has under this name. @throws AppError run_not_found. */
export async function askRunId(client: Client, name: string): Promise<string> {
  const number = toNumber(name);
  if (number === null) return requireId(name);
  const found = answer(client.runs[':id'].$get({ param: { id: `R${number}` } }));
  const { id } = await found.catch((error: unknown) => {
    throw error instanceof AppError && error.code === 'run_not_found' ? missing(name) : error;
  });
  return id;
}

/** The run that an index has under this name. @throws AppError run_not_found, also for one in the bin. */
export async function requireStored(db: Kysely<Database>, name: string): Promise<StoredRun> {
  const number = toNumber(name);
  const id = number === null ? requireId(name) : await findIdOf(db, number);
  const found = id === undefined ? undefined : await findRun(db, id);
  if (found === undefined || found.deletedAt !== null) throw missing(name);
  return found;
}

function toNumber(name: string): number | null {
  const digits = /^[Rr]?(\d{1,9})$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

function requireId(name: string): string {
  if (/^[0-9a-z]{10,40}$/.test(name)) return name;
  throw missing(name);
}

function missing(name: string): AppError {
  return new AppError('run_not_found', `There is no run ${name.slice(0, 60)}; almanac ls lists those there are.`);
}
