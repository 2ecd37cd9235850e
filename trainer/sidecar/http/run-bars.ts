import { Hono } from 'hono';
import { runBarsAnswer } from '#core/api/run-bars.ts';
import { readRunBars } from '#trainer/sidecar/runs/read-run-bars.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

/** The bars of a run, and those of its file today: what a fork chooses between. */
export function runBarsRoutes(deps: Deps) {
  return new Hono().get(
    '/:id/bars',
    describe({
      id: 'compareBars',
      tag: 'Runs',
      summary: 'The bars of a run, and those of its file today',
      answers: { 200: runBarsAnswer },
      refuses: [404, 409],
    }),
    async (c) => {
      const run = await requireRun(deps, c.req.param('id'));
      c.header('Cache-Control', 'no-store');
      const answer = await readRunBars(run, deps.runsFolder, (data, columns) =>
        deps.data.inspect(data, columns, c.req.raw.signal),
      );
      return c.json(answer, 200);
    },
  );
}
