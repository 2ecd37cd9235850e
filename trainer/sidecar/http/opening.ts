import { Hono } from 'hono';
import { openTestRequest } from '#core/api/run-requests.ts';
import { AppError } from '#core/error.ts';
import { isSettled } from '#core/run/state.ts';
import { type OpenedTest, openedTestSchema } from '#core/run/summary.ts';
import type { StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { readDetail } from '#trainer/sidecar/runs/read-detail.ts';
import { isSealed } from '#trainer/sidecar/runs/seal.ts';
import { jsonBody, readJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

/** The seal on the test results of a run, and how it is broken. */
export function openingRoutes(deps: Deps) {
  return new Hono().use(readJson).post(
    '/:id/test',
    describe({
      id: 'openTest',
      tag: 'Runs',
      summary: 'Open the test results of a run, once and for good; asked again, it answers the same opening',
      answers: { 200: openedTestSchema },
      refuses: [403, 404, 409, 413, 415],
    }),
    jsonBody(openTestRequest),
    async (c) => {
      const { by = '' } = c.req.valid('json');
      const run = await requireRun(deps, c.req.param('id'));
      const result = run.view.results['test'];
      if (result === undefined) throw unscored(run);
      const opening = { at: new Date().toISOString(), by: by.trim() === '' ? null : by.trim() };
      if (isSealed(run)) {
        await deps.record.open(run.id, opening);
        deps.hub.noteChange(run.id);
      }
      const detail = await readDetail(deps, await requireRun(deps, run.id));
      const opened: OpenedTest = { ...detail, result };
      return c.json(opened, 200);
    },
  );
}

function unscored({ number, status }: StoredRun): AppError {
  const why = isSettled(status)
    ? `it ended ${status}, before the test was scored`
    : 'the test is scored when a run ends';
  return new AppError('state_conflict', `R${number} has no test results to open: ${why}.`);
}
