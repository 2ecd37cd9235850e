import { Hono } from 'hono';
import { eventsAnswer } from '#core/api/run-answers.ts';
import { eventsQuery } from '#core/api/run-requests.ts';
import { deliveredEventSchema } from '#core/run/event.ts';
import { eventsAfter } from '#trainer/sidecar/db/event-rows.ts';
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
      const events = await sealEvents(deps.db, run.id, await eventsAfter(deps.db, run.id, since, limit));
      c.header('Cache-Control', 'no-store');
      const items = events.map(({ body }) => deliveredEventSchema.parse(JSON.parse(body)));
      return c.json({ items, next: items.at(-1)?.seq ?? since }, 200);
    },
  );
}
