import { Hono } from 'hono';
import { eventsAnswer } from '#core/api/run-answers.ts';
import { eventsQuery } from '#core/api/run-requests.ts';
import { type DeliveredEvent, deliveredEventSchema } from '#core/run/event.ts';
import { eventsAfter } from '#trainer/sidecar/db/event-rows.ts';
import { loopTurn, rowsATurn } from '#trainer/sidecar/db/loop-turn.ts';
import { sealEvents } from '#trainer/sidecar/runs/seal.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

/** The events of a run without a stream, for networks that let none through. */
export function eventRoutes(deps: Deps) {
  return new Hono().get(
    '/:id/events',
    describe({
      id: 'listEvents',
      tag: 'Runs',
      summary: 'Events of a run after a seq, as its stream delivers them',
      answers: { 200: eventsAnswer },
      refuses: [404],
    }),
    query(eventsQuery),
    async (c) => {
      const run = await requireRun(deps, c.req.param('id'));
      const { since, limit } = c.req.valid('query');
      c.header('Cache-Control', 'no-store');
      const items: DeliveredEvent[] = [];
      for (let isMore = true; isMore && items.length < limit;) {
        await loopTurn();
        const most = Math.min(rowsATurn, limit - items.length);
        const found = await eventsAfter(deps.db, run.id, items.at(-1)?.seq ?? since, most);
        const events = await sealEvents(deps.db, run.id, found);
        items.push(...events.map(({ body }) => deliveredEventSchema.parse(JSON.parse(body))));
        isMore = found.length === most;
      }
      return c.json({ items, next: items.at(-1)?.seq ?? since }, 200);
    },
  );
}
