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
  /** Share of the log of a run that is in the index, 0 to 1; null where all of it is. */
  readonly shareRead: (id: string) => number | null;
}

export async function readStanding(
  db: Kysely<Database>,
  shareRead: Standing['shareRead'] = () => null,
): Promise<Standing> {
  const [open, opened] = await Promise.all([openRuns(db), openedRows(db)]);
  return { queue: open.filter(({ status }) => status === 'queued').map(({ id }) => id), opened, shareRead };
}
