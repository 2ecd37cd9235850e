import { Hono } from 'hono';
import { runDiffAnswer } from '#core/api/run-diff.ts';
import { diffQuery } from '#core/api/run-requests.ts';
import { AppError } from '#core/error.ts';
import { diffRuns } from '#trainer/sidecar/runs/diff-runs.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireNamedRun } from './find-run.ts';

/** Runs beside each other. */
export function diffRoutes(deps: Deps) {
  return new Hono().get(
    '/diff',
    describe({
      id: 'diffRuns',
      tag: 'Runs',
      summary: 'Compare runs: what differs, and what their predictions show on common rows',
      answers: { 200: runDiffAnswer },
      refuses: [404, 413],
    }),
    query(diffQuery),
    async (c) => {
      const runs = await Promise.all(c.req.valid('query').ids.map((name) => requireNamedRun(deps, name)));
      if (new Set(runs.map(({ id }) => id)).size < runs.length) {
        throw new AppError('invalid_request', 'query: ids: expected each run once');
      }
      return c.json(await diffRuns(deps, runs), 200);
    },
  );
}
