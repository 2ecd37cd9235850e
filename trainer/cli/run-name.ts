import type { Kysely } from 'kysely';
import { AppError } from '#core/error.ts';
import type { RunList } from '#core/run/summary.ts';
import { findRun, listRuns, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';
import { answer, type Client } from './client.ts';

/** What help says of an argument that names a run. */
export const runName = 'number of a run, R12 or 12, or its id';

/** The id of the run that a sidecar has under this name. @throws AppError run_not_found. */
export async function askRunId(client: Client, name: string): Promise<string> {
  const number = toNumber(name);
  if (number === null) return requireId(name);
  for (let next: number | null = 0; next !== null;) {
    const page: RunList = await answer(client.runs.$get({ query: { limit: '500', offset: String(next) } }));
    const found = page.runs.find((run) => run.number === number);
    if (found !== undefined) return found.id;
    next = page.next;
  }
  throw missing(name);
}

/** The run that an index has under this name. @throws AppError run_not_found, also for one in the bin. */
export async function requireStored(db: Kysely<Database>, name: string): Promise<StoredRun> {
  const number = toNumber(name);
  const found =
    number === null
      ? await findRun(db, requireId(name))
      : (await listRuns(db, { sort: '-number', limit: 100_000, offset: 0 })).find((run) => run.number === number);
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
