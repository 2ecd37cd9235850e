import { Hono } from 'hono';
import { checkRequest } from '#core/api/run-requests.ts';
import { dataFilesAnswer, inspectionSchema, inspectRequest, previewRequest } from '#core/bars/inspection.ts';
import { tablePreviewSchema } from '#core/quotes/table-preview.ts';
import { type DataConfig, dataSchema } from '#core/config/data.ts';
import { toIssues } from '#core/config/issues.ts';
import { AppError } from '#core/error.ts';
import { type CheckLine, checkLineSchema } from '#core/leaks/check-answer.ts';
import { jsonBody, readJson, requireJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { lineHeaders, lineStream } from './line-stream.ts';

const tag = 'Data';

/** What the data cell of the page needs: files to choose from, their cleaning report and their bars. */
export function dataRoutes(deps: Deps) {
  return new Hono()
    .use(readJson)
    .get(
      '/files',
      describe({
        id: 'listDataFiles',
        tag,
        summary: 'Data files that a notebook may name',
        answers: { 200: dataFilesAnswer },
      }),
      async (c) => {
        return c.json({ files: [...(await deps.data.files())] }, 200);
      },
    )
    .post(
      '/inspect',
      describe({
        id: 'inspectData',
        tag,
        summary: 'Read and clean a data source, and report every step',
        answers: { 200: inspectionSchema },
        refuses: [403, 409, 413, 415, 422],
      }),
      requireJson,
      jsonBody(inspectRequest),
      async (c) => {
        const { data, columns } = c.req.valid('json');
        return c.json(await deps.data.inspect(requireData(data), columns, c.req.raw.signal), 200);
      },
    )
    .post(
      '/preview',
      describe({
        id: 'previewData',
        tag,
        summary: 'The first rows of a data source, and what its columns seem to be',
        answers: { 200: tablePreviewSchema },
        refuses: [403, 409, 413, 415, 422],
      }),
      requireJson,
      jsonBody(previewRequest),
      async (c) => {
        return c.json(await deps.data.preview(requireData(c.req.valid('json').data), c.req.raw.signal), 200);
      },
    )
    .post(
      '/check',
      describe({
        id: 'checkLeaks',
        tag,
        summary: 'Look for leaks in what a run would be trained on',
        answers: {
          200: {
            description: 'One JSON a line: how far it is, and last what was found. It ends when the client leaves.',
            content: { 'application/x-ndjson': checkLineSchema },
          },
        },
        refuses: [403, 404, 409, 413, 415, 422],
      }),
      requireJson,
      jsonBody(checkRequest),
      async (c) => {
        const { config, place } = await deps.maker.draft(c.req.valid('json'));
        const lines = await lineStream<CheckLine>({
          work: async (say, signal) => ({
            report: await deps.data.check(config, { signal, progress: (share) => say({ share }) }),
          }),
          failed: (error) => ({ error }),
          left: c.req.raw.signal,
          unknown: 'The check failed.',
          log: deps.log,
        }).catch((error: unknown) => {
          throw place(error);
        });
        return c.body(lines, 200, lineHeaders);
      },
    )
    .get(
      '/bars/:key',
      describe({
        id: 'readBars',
        tag,
        summary: 'The last bars of an inspected source as columns',
        answers: {
          200: {
            description: 'Columns as core’s encodeBars writes them',
            content: { 'application/octet-stream': null },
            headers: { 'X-Almanac-Rows': 'Rows', 'X-Almanac-Step': 'Base step, ms' },
          },
        },
        refuses: [404],
      }),
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

/** The data group of a request, complete. @throws AppError invalid_config, each issue with its path */
function requireData(data: Readonly<Record<string, unknown>>): DataConfig {
  const parsed = dataSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issues = toIssues(parsed.error, data).map(({ path, message }) => ({ path: `data.${path}`, message }));
  throw new AppError('invalid_config', `${issues[0].path}: ${issues[0].message}`, { issues });
}
