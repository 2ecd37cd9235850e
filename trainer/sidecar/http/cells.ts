import { Hono } from 'hono';
import { z } from 'zod';
import { type CellLine, cellKinds, cellLineSchema, endedCellsAnswer, runCellRequest } from '#core/api/cell-answers.ts';
import { AppError } from '#core/error.ts';
import type { CellProgress } from '#trainer/sidecar/cell-desk.ts';
import { requireNotebookName } from '#trainer/sidecar/runs/read-notebook.ts';
import { findParentBars } from '#trainer/sidecar/runs/parent-bars.ts';
import { requireCellConfig } from '#trainer/sidecar/runs/require-cell-config.ts';
import { jsonBody, readJson } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { lineHeaders, lineStream } from './line-stream.ts';

const tag = 'Cells';
const path = { slug: { type: 'string' }, kind: z.toJSONSchema(z.enum(cellKinds)) };

/** Cells of a notebook, each run by itself. */
export function cellRoutes(deps: Deps) {
  return new Hono()
    .use(readJson)
    .post(
      '/:slug/cells/:kind',
      describe({
        id: 'runCell',
        tag,
        summary: 'Run one cell of a notebook, after those that it needs',
        answers: {
          200: {
            description:
              'One JSON a line: how far it is, what is done, and last the result. It ends when the client leaves.',
            content: { 'application/x-ndjson': cellLineSchema },
          },
        },
        refuses: [403, 404, 409, 413, 415, 422],
        path,
      }),
      jsonBody(runCellRequest),
      async (c) => {
        const notebook = c.req.param('slug');
        requireNotebookName(notebook);
        const kind = requireKind(c.req.param('kind'));
        const { version, wait, bars, ...request } = c.req.valid('json');
        // A configuration without a text is all there is of the cell; else it lies under the text of the file.
        const isFile = request.source === undefined && request.config === undefined;
        const cells = await deps.resolveCells({ ...(isFile && { notebook }), ...request });
        const config = requireCellConfig(cells, kind);
        const { runsFolder } = deps;
        const kept = cells.parent && (await findParentBars({ ...cells.parent, runsFolder }, config, bars));
        const lines = await lineStream<CellLine>({
          work: async (say, left) => {
            const wish = { notebook, kind, config, bars: kept, wait };
            const onProgress = ({ type: _, ...said }: CellProgress) => say({ version, ...said });
            const result = await deps.cells.run(wish, { left, onProgress }).catch((error: unknown) => {
              throw cells.place(error);
            });
            return { version, result };
          },
          failed: (error) => ({ version, error }),
          left: c.req.raw.signal,
          unknown: `The ${kind} cell failed.`,
          log: deps.log,
        });
        return c.body(lines, 200, lineHeaders);
      },
    )
    .delete(
      '/:slug/cells/:kind',
      describe({
        id: 'endCell',
        tag,
        summary: 'End what runs of a cell of a notebook',
        answers: { 200: endedCellsAnswer },
        refuses: [403, 404],
        path,
      }),
      (c) => {
        const notebook = c.req.param('slug');
        requireNotebookName(notebook);
        return c.json({ ended: deps.cells.end(notebook, requireKind(c.req.param('kind'))) }, 200);
      },
    );
}

/** @throws AppError path_not_found */
function requireKind(text: string) {
  const kind = cellKinds.find((known) => known === text);
  if (kind !== undefined) return kind;
  const rest = text === 'train' ? 'The train cell is a run: POST /runs' : `Expected one of ${cellKinds.join(', ')}`;
  throw new AppError('path_not_found', `There is no cell ${JSON.stringify(text.slice(0, 40))} to run. ${rest}.`);
}
