import { Hono } from 'hono';
import { enginesQuery, healthAnswer, machineReading, type ReindexAnswer, reindexAnswer } from '#core/api/machine.ts';
import { engineReportsSchema } from '#core/engines/report.ts';
import { query, readJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';

const tag = 'Machine';

/** Engines, this machine, and the sidecar itself. */
export function machineRoutes(deps: Deps) {
  return new Hono()
    .use(readJson)
    .get(
      '/engines',
      describe({
        id: 'listEngines',
        tag,
        summary: 'Engines, fastest first; answers when they are tested',
        answers: { 200: engineReportsSchema },
      }),
      query(enginesQuery),
      async (c) => {
        const { model, fresh } = c.req.valid('query');
        c.header('Cache-Control', 'no-store');
        return c.json([...(await deps.engines({ model, fresh: fresh !== undefined }))], 200);
      },
    )
    .get(
      '/system',
      describe({ id: 'readMachine', tag, summary: 'CPU, memory, disk and GPU now', answers: { 200: machineReading } }),
      async (c) => {
        c.header('Cache-Control', 'no-store');
        return c.json(await deps.machine(), 200);
      },
    )
    .post(
      '/system/reindex',
      describe({
        id: 'reindex',
        tag,
        summary: 'Build the index again from the run folders',
        answers: { 200: reindexAnswer },
        refuses: [403, 409, 413, 415],
      }),
      async (c) => {
        const report: ReindexAnswer = await deps.index.reindex();
        return c.json(report, 200);
      },
    )
    .get(
      '/health',
      describe({ id: 'health', tag, summary: 'Whether the sidecar serves', answers: { 200: healthAnswer } }),
      (c) => c.json({ ok: true, version: deps.version, index: deps.index.status() } as const, 200),
    );
}
