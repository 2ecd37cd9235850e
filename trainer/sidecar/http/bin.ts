import { Hono } from 'hono';
import { binContentAnswer, binnedAnswer, emptiedBinAnswer } from '#core/api/run-answers.ts';
import { AppError } from '#core/error.ts';
import { runSummarySchema } from '#core/run/summary.ts';
import { toSummary } from '#trainer/sidecar/runs/describe-run.ts';
import { readStanding } from '#trainer/sidecar/runs/standing.ts';
import { readJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

const tag = 'Runs';

/** The bin: runs go into it, come back from it, and go from it for good. */
export function binRoutes(deps: Deps) {
  return new Hono()
    .use(readJson)
    .get(
      '/bin',
      describe({
        id: 'weighBin',
        tag,
        summary: 'What emptying the bin would free',
        answers: { 200: binContentAnswer },
      }),
      async (c) => c.json(await deps.bin.weigh(), 200),
    )
    .delete(
      '/bin',
      describe({
        id: 'emptyBin',
        tag,
        summary: 'Remove all runs of the bin for good',
        answers: { 200: emptiedBinAnswer },
        refuses: [403, 409, 507],
      }),
      async (c) => {
        if (deps.index.status().state === 'rebuilding') {
          throw new AppError('state_conflict', 'The index is being built again. Empty the bin when that is done.');
        }
        return c.json(await deps.bin.empty(), 200);
      },
    )
    .delete(
      '/:id',
      describe({
        id: 'binRun',
        tag,
        summary: 'Move a run to the bin',
        answers: { 200: binnedAnswer },
        refuses: [403, 404, 409],
      }),
      async (c) => {
        const { id } = await requireRun(deps, c.req.param('id'));
        await deps.supervisor.still(id, () => deps.bin.put(id));
        deps.hub.noteChange(id);
        return c.json({ id }, 200);
      },
    )
    .post(
      '/:id/restore',
      describe({
        id: 'restoreRun',
        tag,
        summary: 'Put a run of the bin back',
        answers: { 200: runSummarySchema },
        refuses: [403, 404, 413, 415],
      }),
      async (c) => {
        const id = c.req.param('id');
        await deps.bin.restore(id);
        deps.hub.noteChange(id);
        return c.json(toSummary(await requireRun(deps, id), await readStanding(deps)), 200);
      },
    );
}
