import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { lineageAnswer, lineageQuery } from '#core/api/lineage.ts';
import {
  checkpointRequest,
  createRunRequest,
  forkRunRequest,
  labelRunRequest,
  listRunsQuery,
  scoresQuery,
} from '#core/api/run-requests.ts';
import { sharedScoresAnswer } from '#core/api/shared-scores.ts';
import { AppError } from '#core/error.ts';
import {
  type RunCreated,
  runCreatedSchema,
  runDetailSchema,
  type RunList,
  runListSchema,
  runSummarySchema,
} from '#core/run/summary.ts';
import { listRuns, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { readFrozenSource } from '#trainer/run-folder/frozen.ts';
import { toSummary } from '#trainer/sidecar/runs/describe-run.ts';
import { readCells } from '#trainer/sidecar/runs/notebook-cells.ts';
import { readDetail } from '#trainer/sidecar/runs/read-detail.ts';
import { readLineage } from '#trainer/sidecar/runs/lineage.ts';
import { readStanding } from '#trainer/sidecar/runs/standing.ts';
import { scoreRuns } from '#trainer/sidecar/runs/scored-runs.ts';
import { requireNewest } from '#trainer/sidecar/runs/passages.ts';
import { jsonBody, query, readJson, requireJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

const tag = 'Runs';
const idempotency = {
  'Idempotency-Key': {
    description: 'Makes a repeated request answer with the run that the first one made; kept for a day',
    schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
  },
};

/** Runs: made, listed, shown, acted on. */
export function runRoutes(deps: Deps) {
  const { db, supervisor, maker } = deps;
  const standing = () => readStanding(deps);

  async function summary(id: string) {
    return toSummary(await requireRun(deps, id), await standing());
  }

  async function created(c: Context, run: StoredRun, at: string) {
    const { id, number, name, notebook, parent, changed, tags, createdAt, config, overrides } = run;
    const status = 'queued' as const;
    // A request that comes again under its key may be of a run whose folder has gone to the bin meanwhile.
    const source = await readFrozenSource(join(deps.runsFolder, id)).catch(() => null);
    const warnings = source === null ? [] : readCells(source).warnings;
    const body: RunCreated = {
      id,
      number,
      name,
      status,
      notebook,
      parent,
      changed,
      tags,
      createdAt,
      config,
      overrides,
      warnings,
    };
    // Relative to the request, so that it holds behind the page's proxy as well.
    c.header('Location', `${at}${id}`);
    return c.json(body, 201);
  }

  async function acted(c: Context, id: string) {
    return c.json(await summary(id), 202);
  }

  return new Hono()
    .use(readJson)
    .post(
      '/',
      describe({
        id: 'createRun',
        tag,
        summary: 'Create a run: it is queued and trained',
        answers: { 201: runCreatedSchema },
        refuses: [403, 404, 409, 413, 415, 422, 507],
        headers: idempotency,
      }),
      requireJson,
      jsonBody(createRunRequest),
      async (c) => created(c, await maker.create(c.req.valid('json'), idempotencyKey(c)), 'runs/'),
    )
    .get(
      '/',
      describe({ id: 'listRuns', tag, summary: 'List runs, newest first', answers: { 200: runListSchema } }),
      query(listRunsQuery),
      async (c) => {
        const { limit, offset, ...rest } = c.req.valid('query');
        const found = await listRuns(db, { ...rest, limit: limit + 1, offset });
        const now = await standing();
        const runs = found.slice(0, limit).map((run) => toSummary(run, now));
        const list: RunList = { runs, next: found.length > limit ? offset + limit : null };
        return c.json(list, 200);
      },
    )
    .get(
      '/scores',
      describe({
        id: 'scoreRuns',
        tag,
        summary: 'Validation scores of runs on the rows that all of them predicted',
        answers: { 200: sharedScoresAnswer },
        refuses: [404, 409, 413],
      }),
      query(scoresQuery),
      async (c) => {
        const { ids } = c.req.valid('query');
        const runs = await Promise.all(ids.map((id) => requireRun(deps, id)));
        // Here and not in the form of the query, which no schema can say: a run that is not there is told first.
        if (new Set(ids).size < ids.length) throw new AppError('invalid_request', 'query: ids: expected each run once');
        return c.json(await scoreRuns(deps, runs), 200);
      },
    )
    .get(
      '/lineage',
      describe({
        id: 'showLineage',
        tag,
        summary: 'Runs of a notebook, or the kin of a run, with the runs that they were forked from',
        answers: { 200: lineageAnswer },
      }),
      query(lineageQuery),
      async (c) => c.json(await readLineage(db, c.req.valid('query'), await standing()), 200),
    )
    .get(
      '/:id',
      describe({ id: 'showRun', tag, summary: 'Show a run', answers: { 200: runDetailSchema }, refuses: [404] }),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        return c.json(await readDetail(deps, run), 200);
      },
    )
    .patch(
      '/:id',
      describe({
        id: 'labelRun',
        tag,
        summary: 'Rename, tag, star or archive a run, and say what was learned from it',
        answers: { 200: runSummarySchema },
        refuses: [403, 404, 409, 413, 415],
      }),
      requireJson,
      jsonBody(labelRunRequest),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        const change = c.req.valid('json');
        const now = new Date().toISOString();
        await deps.record.say(run.id, ({ conclusion, concludedAt }) => {
          if (change.conclusion === undefined || change.conclusion === conclusion) return { ...change, concludedAt };
          requireNewest('conclusion', change.concludedAt, concludedAt);
          return { ...change, concludedAt: change.conclusion === '' ? null : now };
        });
        deps.hub.noteChange(run.id);
        return c.json(await summary(run.id), 200);
      },
    )
    .post('/:id/cancel', describe(action('cancelRun', 'Stop a run')), async (c) => {
      const { id } = await requireRun(deps, c.req.param('id'));
      await supervisor.cancel(id);
      return acted(c, id);
    })
    .post('/:id/pause', describe(action('pauseRun', 'Pause a running run')), async (c) => {
      const { id } = await requireRun(deps, c.req.param('id'));
      await supervisor.pause(id);
      return acted(c, id);
    })
    .post(
      '/:id/resume',
      describe(action('resumeRun', 'Resume a paused run, or one that failed, was cancelled or interrupted')),
      async (c) => {
        const { id } = await requireRun(deps, c.req.param('id'));
        await supervisor.resume(id);
        return acted(c, id);
      },
    )
    .post(
      '/:id/checkpoint',
      describe(action('saveCheckpoint', 'Save a checkpoint now')),
      jsonBody(checkpointRequest),
      async (c) => {
        const { id } = await requireRun(deps, c.req.param('id'));
        await supervisor.checkpoint(id, c.req.valid('json').name);
        return acted(c, id);
      },
    )
    .post(
      '/:id/fork',
      describe({
        id: 'forkRun',
        tag,
        summary: 'Make a changed copy of a run',
        answers: { 201: runCreatedSchema },
        refuses: [403, 404, 409, 413, 415, 422, 507],
        headers: idempotency,
      }),
      requireJson,
      jsonBody(forkRunRequest),
      async (c) => {
        const { id } = await requireRun(deps, c.req.param('id'));
        return created(c, await maker.fork(id, c.req.valid('json'), idempotencyKey(c)), '../');
      },
    );
}

/** What is said of a route that acts on a run. */
function action(id: string, summary: string): Parameters<typeof describe>[0] {
  return { id, tag, summary, answers: { 202: runSummarySchema }, refuses: [403, 404, 409, 413, 415] };
}

function idempotencyKey(c: Context): string | undefined {
  const key = c.req.header('idempotency-key');
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new AppError(
    'invalid_request',
    'Idempotency-Key: expected 1 to 200 printable ASCII characters without spaces.',
  );
}
