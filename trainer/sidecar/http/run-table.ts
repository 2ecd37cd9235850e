import { Hono } from 'hono';
import { columnsAnswer, tableAnswer, tableQuery } from '#core/api/run-table.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';

const tag = 'Runs';

/** All runs as a table: filtered, ordered and grouped here, a page at a time. */
export function runTableRoutes({ tables }: Deps) {
  return new Hono()
    .get(
      '/table',
      describe({
        id: 'readRunTable',
        tag,
        summary: 'A page of the table of all runs: filtered, ordered, grouped',
        answers: { 200: tableAnswer },
        refuses: [422],
      }),
      query(tableQuery),
      async (c) => {
        c.header('Cache-Control', 'no-store');
        return c.json(await tables.read(c.req.valid('query')), 200);
      },
    )
    .get(
      '/columns',
      describe({
        id: 'listRunColumns',
        tag,
        summary: 'What runs can be shown, filtered, ordered and grouped by, with its values',
        answers: { 200: columnsAnswer },
      }),
      async (c) => {
        c.header('Cache-Control', 'no-store');
        return c.json({ columns: await tables.columns() }, 200);
      },
    );
}
