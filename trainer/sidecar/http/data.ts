import { Hono } from 'hono';
import { z } from 'zod';
import { dataSchema } from '#core/config/data.ts';
import { toIssues } from '#core/config/issues.ts';
import { AppError } from '#core/error.ts';
import { jsonBody, readJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';

const fileList = z.object({ files: z.array(z.object({ path: z.string(), bytes: z.int() })) });
const inspectBody = z.strictObject({ data: z.record(z.string(), z.unknown()).default({}) });
const inspection = z.object({
  report: z.unknown(),
  step: z.number(),
  rows: z.int(),
  fingerprint: z.string(),
  files: z.array(z.string()),
  key: z.string(),
});

/** What the data cell of the page needs: files to choose from, their cleaning report and their bars. */
export function dataRoutes(deps: Deps) {
  return new Hono()
    .use(readJson)
    .get('/files', describe('Data', 'Data files that a notebook may name', { 200: fileList }), async (c) => {
      return c.json({ files: [...(await deps.data.files())] }, 200);
    })
    .post(
      '/inspect',
      describe('Data', 'Read and clean a data source, and report every step', { 200: inspection }, [400, 403, 422]),
      jsonBody(inspectBody),
      async (c) => {
        const { data } = c.req.valid('json');
        const parsed = dataSchema.safeParse(data);
        if (!parsed.success) {
          const issues = toIssues(parsed.error, data).map(({ path, message }) => ({ path: `data.${path}`, message }));
          throw new AppError('invalid_config', `${issues[0].path}: ${issues[0].message}`, { issues });
        }
        return c.json(await deps.data.inspect(parsed.data), 200);
      },
    )
    .get(
      '/bars/:key',
      describe(
        'Data',
        'The last bars of an inspected source as columns',
        { 200: { type: 'application/octet-stream', description: 'Columns as core’s encodeBars writes them' } },
        [404],
      ),
      (c) => {
        const found = deps.data.bars(c.req.param('key'));
        if (found === undefined) {
          throw new AppError('artifact_not_found', 'These bars are no longer kept. Inspect the source again.');
        }
        c.header('X-Almanac-Rows', String(found.rows));
        c.header('X-Almanac-Step', String(found.step));
        c.header('Cache-Control', 'no-store');
        return c.body(new Uint8Array(found.bytes), 200, { 'Content-Type': 'application/octet-stream' });
      },
    );
}
