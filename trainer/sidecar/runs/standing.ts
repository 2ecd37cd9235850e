import type { Kysely } from 'kysely';
import { type OpenedRows, openedRows } from '#trainer/sidecar/db/opening-rows.ts';
import { openRuns } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** What those know of a run who watch its trainer and read its log. */
export interface Known {
  /** When a run that should be at work said its last word, as ISO time; null of all others. */
  stalledSince(id: string): string | null;
  /** Share of its log that is in the index, 0 to 1; null where all of it is. */
  shareRead(id: string): number | null;
}

/** What a run's summary says that is not its own: of the other runs of the workspace, and of its process. */
export interface Standing {
  /** Ids of the queued runs in their order. */
  readonly queue: readonly string[];
  /** Test rows that anybody has seen, oldest look first. */
  readonly opened: readonly OpenedRows[];
  readonly known: Known;
}

/** @param known of those who watch trainers and logs; without them it is not known of any run. */
export async function readStanding(
  db: Kysely<Database>,
  known: Known = { stalledSince: () => null, shareRead: () => null },
): Promise<Standing> {
  const [open, opened] = await Promise.all([openRuns(db), openedRows(db)]);
  return { queue: open.filter(({ status }) => status === 'queued').map(({ id }) => id), opened, known };
}
