import { Hono } from 'hono';
import { planAnswer, planRequest } from '#core/api/plan.ts';
import { jsonBody, readJson, requireJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';

/** What a run would come to, before it is made. */
export function planRoutes(deps: Deps) {
  return new Hono().use(readJson).post(
    '/plan',
    describe({
      id: 'planRun',
      tag: 'Runs',
      summary: 'What would happen, were this run: cells, time, memory, queue, and whether there is such a run',
      answers: { 200: planAnswer },
      refuses: [403, 404, 409, 413, 415, 422],
    }),
    requireJson,
    jsonBody(planRequest),
    async (c) => c.json(await deps.plan(c.req.valid('json')), 200),
  );
}
