import type { Kysely } from 'kysely';
import { eventSchema } from '#core/run/event.ts';
import { emptyRunView, reduceRun, viewVersion } from '#core/run/reduce.ts';
import { eventsAfter } from '#trainer/sidecar/db/event-rows.ts';
import { loopTurn, rowsATurn } from '#trainer/sidecar/db/loop-turn.ts';
import { outdatedRunIds, replaceView } from '#trainer/sidecar/db/run-rows.ts';
import type { Database } from '#trainer/sidecar/db/schema.ts';

/**
 * Folds the views again that an older version stored, from the events in the index. A run that goes on
 * meanwhile, or ends with what is no event to this version, keeps its view.
 */
export async function refoldOutdated(db: Kysely<Database>): Promise<void> {
  for (const id of await outdatedRunIds(db, viewVersion)) {
    let view = emptyRunView();
    let after = 0;
    for (;;) {
      const stored = await eventsAfter(db, id, after, rowsATurn);
      if (stored.length === 0) break;
      view = stored.flatMap(({ body }) => eventSchema.safeParse(JSON.parse(body)).data ?? []).reduce(reduceRun, view);
      after = stored[stored.length - 1].seq;
      await loopTurn();
    }
    await replaceView(db, id, view);
  }
}
