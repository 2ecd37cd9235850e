import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { AppError } from '#core/error.ts';
import { isLive } from '#core/run/state.ts';
import { runFiles } from '#core/run/run-files.ts';
import { childrenOf, listRuns, openRuns, type StoredRun } from '#trainer/sidecar/db/run-rows.ts';
import { readFrozenRun, readFrozenSource } from '#trainer/run-folder/frozen.ts';
import { toDetail, toSummary } from '#trainer/sidecar/runs/describe-run.ts';
import { labelRun } from '#trainer/sidecar/runs/labels.ts';
import { jsonBody, query, readJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';
import { checkpointBody, createBody, forkBody, labelBody, listQuery, runDetail, runSummary } from './run-schemas.ts';

const runList = z.object({ runs: z.array(runSummary), next: z.int().nullable() });
const tag = 'Runs';

/** Runs: made, listed, shown, acted on. */
export function runRoutes(deps: Deps) {
  const { db, supervisor, maker } = deps;

  const queue = async () => (await openRuns(db)).filter((run) => run.status === 'queued').map((run) => run.id);

  async function summary(id: string) {
    return toSummary(await requireRun(deps, id), await queue());
  }

  /** What a create answers, at the first request as at a repeated one: the run as it was when it was made. */
  function created(run: StoredRun) {
    const { id, number, name, notebook, parent, changed, tags, createdAt, config, overrides } = run;
    return {
      id,
      number,
      name,
      status: 'queued',
      notebook,
      parent,
      changed,
      tags,
      createdAt,
      config,
      overrides,
    } as const;
  }

  return new Hono()
    .use(readJson)
    .post(
      '/',
      describe(tag, 'Create a run', { 201: runDetail }, [400, 403, 413, 415, 422, 507]),
      jsonBody(createBody),
      async (c) => {
        const run = await maker.create(c.req.valid('json'), idempotencyKey(c));
        return c.json(created(run), 201);
      },
    )
    .get('/', describe(tag, 'List runs, newest first', { 200: runList }, [400]), query(listQuery), async (c) => {
      const { limit, offset, ...rest } = c.req.valid('query');
      const found = await listRuns(db, { ...rest, limit: limit + 1, offset });
      const waiting = await queue();
      const runs = found.slice(0, limit).map((run) => toSummary(run, waiting));
      return c.json({ runs, next: found.length > limit ? offset + limit : null }, 200);
    })
    .get('/:id', describe(tag, 'Show a run', { 200: runDetail }, [404]), async (c) => {
      const run = await requireRun(deps, c.req.param('id'));
      const folder = join(deps.runsFolder, run.id);
      const [waiting, children, from, source, dataReport] = await Promise.all([
        queue(),
        childrenOf(db, run.id),
        readFrozenRun(folder)
          .then(({ record }) => record.from ?? null)
          .catch(() => null),
        readFrozenSource(folder).catch(() => ''),
        readFile(join(folder, runFiles.data), 'utf8')
          .then(JSON.parse)
          .catch(() => null) as Promise<unknown>,
      ]);
      return c.json(toDetail(run, waiting, { children, from, source, dataReport }), 200);
    })
    .patch(
      '/:id',
      describe(tag, 'Rename, tag or annotate a run', { 200: runSummary }, [400, 404]),
      jsonBody(labelBody),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        const { name = run.name, tags = [...run.tags], notes = run.notes } = c.req.valid('json');
        await labelRun(db, deps.runsFolder, run.id, { name, tags, notes });
        return c.json(await summary(run.id), 200);
      },
    )
    .post('/:id/cancel', describe(tag, 'Stop a run', { 202: runSummary }, [403, 404, 409]), async (c) => {
      const { id } = await requireRun(deps, c.req.param('id'));
      await supervisor.cancel(id);
      return c.json(await summary(id), 202);
    })
    .post('/:id/pause', describe(tag, 'Pause a running run', { 202: runSummary }, [403, 404, 409]), async (c) => {
      const { id } = await requireRun(deps, c.req.param('id'));
      await supervisor.pause(id);
      return c.json(await summary(id), 202);
    })
    .post(
      '/:id/resume',
      describe(tag, 'Resume a paused or interrupted run', { 202: runSummary }, [403, 404, 409]),
      async (c) => {
        const { id } = await requireRun(deps, c.req.param('id'));
        await supervisor.resume(id);
        return c.json(await summary(id), 202);
      },
    )
    .post(
      '/:id/checkpoint',
      describe(tag, 'Save a checkpoint now', { 202: runSummary }, [400, 403, 404, 409]),
      jsonBody(checkpointBody),
      async (c) => {
        const { id } = await requireRun(deps, c.req.param('id'));
        await supervisor.checkpoint(id, c.req.valid('json').name);
        return c.json(await summary(id), 202);
      },
    )
    .post(
      '/:id/fork',
      describe(tag, 'Make a changed copy of a run', { 201: runDetail }, [400, 403, 404, 422, 507]),
      jsonBody(forkBody),
      async (c) => {
        const { id } = await requireRun(deps, c.req.param('id'));
        return c.json(created(await maker.fork(id, c.req.valid('json'), idempotencyKey(c))), 201);
      },
    )
    .delete(
      '/:id',
      describe(tag, 'Move a run to the bin', { 200: z.object({ id: z.string() }) }, [403, 404, 409]),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        if (isLive(run.status) || run.status === 'queued') {
          throw new AppError('state_conflict', `Run ${run.id} is ${run.status}. Cancel it first.`);
        }
        await deps.binRun(run);
        return c.json({ id: run.id }, 200);
      },
    );
}

function idempotencyKey(c: Context): string | undefined {
  const key = c.req.header('idempotency-key');
  if (key === undefined || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new AppError(
    'invalid_request',
    'Idempotency-Key: expected 1 to 200 printable ASCII characters without spaces.',
  );
}
