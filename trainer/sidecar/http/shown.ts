import { Hono } from 'hono';
import { systemAnswer, viewAnswer } from '#core/api/run-answers.ts';
import { systemQuery } from '#core/api/run-requests.ts';
import { shownView } from '#trainer/sidecar/runs/seal.ts';
import { readSystemSamples } from '#trainer/sidecar/runs/system-samples.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

/** What a page shows of a run before it follows its events, besides curves and log: no replay of them all is needed. */
export function shownRoutes(deps: Deps) {
  return new Hono()
    .get(
      '/:id/view',
      describe({
        id: 'readView',
        tag: 'Runs',
        summary: 'What the events of a run say so far',
        answers: { 200: viewAnswer },
        refuses: [404],
      }),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        c.header('Cache-Control', 'no-store');
        return c.json({ run: run.id, view: shownView(run), lastSeq: run.view.lastSeq }, 200);
      },
    )
    .get(
      '/:id/system',
      describe({
        id: 'readSystem',
        tag: 'Runs',
        summary: 'Readings of the trainer’s machine, thinned',
        answers: { 200: systemAnswer },
        refuses: [404],
      }),
      query(systemQuery),
      async (c) => {
        const { id, view } = await requireRun(deps, c.req.param('id'));
        const { points } = c.req.valid('query');
        c.header('Cache-Control', 'no-store');
        const samples = [...(await readSystemSamples(deps.db, id, view.lastSeq, points))];
        return c.json({ run: id, samples, lastSeq: view.lastSeq }, 200);
      },
    );
}
