import type { Kysely } from 'kysely';
import { type OpenedRows, openedRows } from '#trainer/sidecar/db/opening-rows.ts';
import { openRuns } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** When a run that should be at work said its last word, as ISO time; null of all others. */
export type StalledSince = (id: string) => string | null;

/** What a run's summary says that is not its own: of the other runs of the workspace, and of its process. */
export interface Standing {
  /** Ids of the queued runs in their order. */
  readonly queue: readonly string[];
  /** Test rows that anybody has seen, oldest look first. */
  readonly opened: readonly OpenedRows[];
  readonly stalledSince: StalledSince;
}

/** @param stalledSince of the supervisor that watches the trainers; without one it is not known of any. */
export async function readStanding(db: Kysely<Database>, stalledSince: StalledSince = () => null): Promise<Standing> {
  const [open, opened] = await Promise.all([openRuns(db), openedRows(db)]);
  return { queue: open.filter(({ status }) => status === 'queued').map(({ id }) => id), opened, stalledSince };
}
