import type { Kysely } from 'kysely';
import { type OpenedRows, openedRows } from '#trainer/sidecar/db/opening-rows.ts';
import { queuedRunIds } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/** What a run's summary says that is not its own: of the other runs of the workspace, and of its process. */
export interface Standing {
  /** Ids of the queued runs in their order. */
  readonly queue: readonly string[];
  /** Test rows that anybody has seen, oldest look first. */
  readonly opened: readonly OpenedRows[];
  /** Share of the log of a run that is in the index, 0 to 1; null where all of it is. */
  readonly shareRead: (id: string) => number | null;
  /** When a run that should be at work said its last word, as ISO time; null of all others. */
  readonly stalledSince: (id: string) => string | null;
}

/** Where that is known; without a sidecar at work nothing is known of its reading and its trainers. */
export interface StandingSources {
  readonly db: Kysely<Database>;
  readonly index?: Pick<Standing, 'shareRead'>;
  readonly supervisor?: Pick<Standing, 'stalledSince'>;
}

export async function readStanding({ db, index, supervisor }: StandingSources): Promise<Standing> {
  const [queue, opened] = await Promise.all([queuedRunIds(db), openedRows(db)]);
  return {
    queue,
    opened,
    shareRead: (id) => index?.shareRead(id) ?? null,
    stalledSince: (id) => supervisor?.stalledSince(id) ?? null,
  };
}
