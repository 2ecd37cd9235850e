import { join } from 'node:path';
import { Hono } from 'hono';
import { z } from 'zod';
import { eventSchema } from '#core/run/event.ts';
import { logEventsAfter } from '#trainer/sidecar/db/event-rows.ts';
import { readPrinted } from '#trainer/run-folder/printed-log.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

const logsQuery = z.object({
  offset: z.coerce.number().int().min(0).default(0).describe('`next` of the answer before: the log goes on behind it'),
  limit: z.coerce.number().int().min(1).max(10_000).default(1000).describe('Most lines'),
});
const printedQuery = z.object({
  offset: z.coerce.number().int().default(0).describe('First byte; negative: so many bytes from the end'),
  limit: z.coerce.number().int().min(1).max(1_000_000).default(200_000).describe('Most bytes'),
});

const line = z.object({ seq: z.int(), at: z.string(), attempt: z.int(), level: z.string(), message: z.string() });
const lines = z.object({ lines: z.array(line), next: z.int().describe('Offset to go on from') });
const printed = z.object({
  text: z.string(),
  offset: z.int().describe('First byte of the text'),
  next: z.int().describe('Where to go on'),
  size: z.int().describe('Bytes there are now'),
});

/** The log of a run: what its trainer said in events, and what its process printed besides. */
export function logRoutes(deps: Deps) {
  return new Hono()
    .get(
      '/:id/logs',
      describe(
        'Runs',
        'The log from an offset, as JSON, or as text with Accept: text/plain',
        { 200: lines },
        [400, 404],
      ),
      query(logsQuery),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        const { offset, limit } = c.req.valid('query');
        const found = (await logEventsAfter(deps.db, run.id, offset, limit)).flatMap(({ body }) => {
          const event = eventSchema.parse(JSON.parse(body));
          if (event.type !== 'log') return [];
          const { seq, at, attempt, level, message } = event;
          return [{ seq, at, attempt, level, message }];
        });
        const next = found.at(-1)?.seq ?? offset;
        c.header('Vary', 'Accept');
        c.header('Cache-Control', 'no-store');
        if ((c.req.header('accept') ?? '').startsWith('text/plain')) {
          const text = found.map(({ at, level, message }) => `${at} ${level} ${message}\n`).join('');
          return c.text(text, 200, { 'X-Almanac-Next': String(next) });
        }
        return c.json({ lines: found, next }, 200);
      },
    )
    .get(
      '/:id/logs/printed',
      describe(
        'Runs',
        'What the trainer’s process printed (trainer.log), from a byte offset',
        { 200: printed },
        [400, 404],
      ),
      query(printedQuery),
      async (c) => {
        const run = await requireRun(deps, c.req.param('id'));
        const { offset, limit } = c.req.valid('query');
        c.header('Cache-Control', 'no-store');
        return c.json(await readPrinted(join(deps.runsFolder, run.id), offset, limit), 200);
      },
    );
}
