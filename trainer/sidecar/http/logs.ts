import { join } from 'node:path';
import { Hono } from 'hono';
import { logsAnswer, printedAnswer } from '#core/api/run-answers.ts';
import { logsQuery, printedQuery } from '#core/api/run-requests.ts';
import { readPrinted } from '#trainer/run-folder/printed-log.ts';
import { readLogLines } from '#trainer/sidecar/runs/log-lines.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

/** The log of a run: what its trainer said in events, and what its process printed besides. */
export function logRoutes(deps: Deps) {
  return new Hono()
    .get(
      '/:id/logs',
      describe({
        id: 'readLog',
        tag: 'Runs',
        summary: 'The log from an offset or its end, as JSON, or as text with Accept: text/plain',
        answers: {
          200: {
            description: 'Lines, and where to go on',
            content: { 'application/json': logsAnswer, 'text/plain': null },
            headers: { 'X-Almanac-Next': 'With text/plain: where to go on' },
          },
        },
        refuses: [404],
      }),
      query(logsQuery),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        const { offset, limit, tail, before = Infinity } = c.req.valid('query');
        const part = {
          offset,
          upTo: Math.min(run.view.lastSeq, before - 1),
          limit: tail ?? limit,
          isTail: tail !== undefined,
        };
        const log = await readLogLines(deps.db, run.id, part);
        c.header('Vary', 'Accept');
        c.header('Cache-Control', 'no-store');
        if ((c.req.header('accept') ?? '').startsWith('text/plain')) {
          const text = log.lines.map(({ at, level, message }) => `${at} ${level} ${message}\n`).join('');
          return c.text(text, 200, { 'X-Almanac-Next': String(log.next) });
        }
        return c.json(log, 200);
      },
    )
    .get(
      '/:id/logs/printed',
      describe({
        id: 'readPrintedLog',
        tag: 'Runs',
        summary: 'What the trainer’s process printed (trainer.log), from a byte offset',
        answers: { 200: printedAnswer },
        refuses: [404],
      }),
      query(printedQuery),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        const { offset, limit } = c.req.valid('query');
        c.header('Cache-Control', 'no-store');
        return c.json(await readPrinted(join(deps.runsFolder, run.id), offset, limit), 200);
      },
    );
}
