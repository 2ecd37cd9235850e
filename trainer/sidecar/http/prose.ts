import { Hono } from 'hono';
import { z } from 'zod';
import { addPassageRequest, concludeRequest, conclusionQuery, editPassageRequest } from '#core/api/run-requests.ts';
import { concludedSchema, type Passage, passageSchema, type Said } from '#core/run/said.ts';
import { AppError } from '#core/error.ts';
import { findComparison, nameComparison } from '#trainer/sidecar/db/comparison-rows.ts';
import { addPassage, editPassage, removePassage, requireNewest } from '#trainer/sidecar/runs/passages.ts';
import { jsonBody, query, readJson, requireJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

const tag = 'Runs';
const proseAnswer = z.object({ prose: z.array(passageSchema).readonly() }).meta({ ref: 'Prose' });
const refuses = [403, 404, 409, 413, 415] as const;

/** What is written to the text of a run after it was made, and of several runs together. */
export function proseRoutes(deps: Deps) {
  const { db, record, hub } = deps;

  async function change(path: string, next: (prose: readonly Passage[]) => readonly Passage[]) {
    const run = await requireRun(deps, path);
    let said: Pick<Said, 'prose'> = run;
    await record.say(run.id, ({ prose }) => (said = { prose: next(prose) }));
    hub.noteChange(run.id);
    return { prose: said.prose };
  }

  async function readConcluded(ids: readonly string[]) {
    const runs = await Promise.all(ids.map((id) => requireRun(deps, id)));
    const found = await findComparison(db, nameComparison(runs.map(({ id }) => id)));
    return {
      runs: runs.map(({ id, number }) => ({ id, number })),
      conclusion: found?.conclusion ?? '',
      at: found?.at ?? null,
    };
  }

  return new Hono()
    .use(readJson)
    .get(
      '/conclusion',
      describe({
        id: 'readConclusion',
        tag,
        summary: 'What was concluded from a comparison of runs',
        answers: { 200: concludedSchema },
        refuses: [404],
      }),
      query(conclusionQuery),
      async (c) => c.json(await readConcluded(c.req.valid('query').ids), 200),
    )
    .put(
      '/conclusion',
      describe({
        id: 'conclude',
        tag,
        summary: 'Say what a comparison of runs comes to: shown at each of them, and kept as long as the newest',
        answers: { 200: concludedSchema },
        refuses,
      }),
      requireJson,
      jsonBody(concludeRequest),
      async (c) => {
        const { runs, conclusion, at } = c.req.valid('json');
        const { runs: found } = await readConcluded(runs);
        if (new Set(runs).size < runs.length)
          throw new AppError('invalid_request', 'body: runs: expected each run once');
        const now = new Date().toISOString();
        const ids = found.map(({ id }) => id);
        await record.conclude(ids, conclusion === '' ? null : { conclusion, at: now }, (before) =>
          requireNewest('conclusion', at, before?.at ?? null),
        );
        for (const id of ids) hub.noteChange(id);
        return c.json(await readConcluded(ids), 200);
      },
    )
    .post(
      '/:id/prose',
      describe({
        id: 'addPassage',
        tag,
        summary: 'Add text to a run, or put some in the place of its own, without touching what was frozen',
        answers: { 201: proseAnswer },
        refuses,
      }),
      requireJson,
      jsonBody(addPassageRequest),
      async (c) => {
        const { after = null, replaces = false, text } = c.req.valid('json');
        const at = new Date().toISOString();
        return c.json(
          await change(c.req.param('id'), (prose) => addPassage(prose, { after, replaces, text }, at)),
          201,
        );
      },
    )
    .put(
      '/:id/prose/:passage',
      describe({ id: 'editPassage', tag, summary: 'Change added text', answers: { 200: proseAnswer }, refuses }),
      requireJson,
      jsonBody(editPassageRequest),
      async (c) => {
        const { text, at: over } = c.req.valid('json');
        const at = new Date().toISOString();
        const { id, passage } = c.req.param();
        return c.json(await change(id, (prose) => editPassage(prose, passage, { text, over, at })), 200);
      },
    )
    .delete(
      '/:id/prose/:passage',
      describe({ id: 'removePassage', tag, summary: 'Remove added text', answers: { 200: proseAnswer }, refuses }),
      async (c) => {
        const { id, passage } = c.req.param();
        return c.json(await change(id, (prose) => removePassage(prose, passage)), 200);
      },
    );
}
