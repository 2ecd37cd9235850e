import { Hono } from 'hono';
import { diffForecastsAnswer, runDiffAnswer } from '#core/api/run-diff.ts';
import { diffForecastsQuery, diffQuery } from '#core/api/run-requests.ts';
import { AppError } from '#core/error.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { compareForecasts } from '#trainer/sidecar/runs/compared-forecasts.ts';
import { diffRuns } from '#trainer/sidecar/runs/diff-runs.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

/** Runs beside each other. */
export function diffRoutes(deps: Deps) {
  async function requireRuns(names: readonly string[]): Promise<readonly StoredRun[]> {
    const runs = await Promise.all(
      names.map((name) =>
        requireRun(deps, name).catch(() => {
          const message = `There is no run ${name}, or it is in the bin. GET /runs lists those there are.`;
          throw new AppError('run_not_found', message);
        }),
      ),
    );
    if (new Set(runs.map(({ id }) => id)).size === runs.length) return runs;
    throw new AppError('invalid_request', 'query: ids: expected each run once');
  }

  return new Hono()
    .get(
      '/diff',
      describe({
        id: 'diffRuns',
        tag: 'Runs',
        summary: 'Compare runs: what differs, and what their predictions show on common rows',
        answers: { 200: runDiffAnswer },
        refuses: [404, 413],
      }),
      query(diffQuery),
      async (c) => c.json(await diffRuns(deps, await requireRuns(c.req.valid('query').ids)), 200),
    )
    .get(
      '/diff/forecasts',
      describe({
        id: 'diffForecasts',
        tag: 'Runs',
        summary: 'What runs said of validation, over the price of the first',
        answers: { 200: diffForecastsAnswer },
        refuses: [404, 409, 413],
      }),
      query(diffForecastsQuery),
      async (c) => {
        const { ids, ...stretch } = c.req.valid('query');
        return c.json(await compareForecasts(deps, await requireRuns(ids), stretch), 200);
      },
    );
}
