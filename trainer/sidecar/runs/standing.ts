import type { Kysely } from 'kysely';
import { type OpenedRows, openedRows } from '#trainer/sidecar/db/opening-rows.ts';
import { openRuns } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** What a run's summary says of the other runs of the workspace. */
export interface Standing {
  /** Ids of the queued runs in their order. */
  readonly queue: readonly string[];
  /** Test rows that anybody has seen, oldest look first. */
  readonly opened: readonly OpenedRows[];
}

export async function readStanding(db: Kysely<Database>): Promise<Standing> {
  const [open, opened] = await Promise.all([openRuns(db), openedRows(db)]);
  return { queue: open.filter(({ status }) => status === 'queued').map(({ id }) => id), opened };
}
