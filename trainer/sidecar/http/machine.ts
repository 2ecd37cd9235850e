import { Hono } from 'hono';
import { z } from 'zod';
import { architectures } from '#core/models/registry.ts';
import { engineReportsSchema } from '#core/engines/report.ts';
import { query, readJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { machineReading } from './system-schema.ts';

const engineQuery = z.object({
  /** Ranks the engines for this architecture, and measures it where no run is at work. */
  model: z.enum(architectures).optional(),
  /** Present: tests and measures again. */
  fresh: z.string().optional(),
});
const reindexReport = z.object({
  indexed: z.array(z.string()),
  failed: z.array(z.object({ id: z.string(), reason: z.string() })),
});
const tag = 'Machine';

/** Engines, this machine, and the sidecar itself. */
export function machineRoutes(deps: Deps) {
  return new Hono()
    .use(readJson)
    .get(
      '/engines',
      describe(tag, 'Engines, fastest first; answers when they are tested', { 200: engineReportsSchema }, [400]),
      query(engineQuery),
      async (c) => {
        const { model, fresh } = c.req.valid('query');
        c.header('Cache-Control', 'no-store');
        return c.json([...(await deps.engines({ model, fresh: fresh !== undefined }))], 200);
      },
    )
    .get('/system', describe(tag, 'CPU, memory, disk and GPU now', { 200: machineReading }), async (c) => {
      c.header('Cache-Control', 'no-store');
      return c.json(await deps.machine(), 200);
    })
    .post(
      '/system/reindex',
      describe(tag, 'Build the index again from the run folders', { 200: reindexReport }, [403, 409]),
      async (c) => {
        const { indexed, failed } = await deps.reindex();
        return c.json({ indexed: [...indexed], failed: [...failed] }, 200);
      },
    )
    .get(
      '/health',
      describe(tag, 'Whether the sidecar serves', { 200: z.object({ ok: z.literal(true), version: z.string() }) }),
      (c) => c.json({ ok: true, version: deps.version } as const, 200),
    );
}
