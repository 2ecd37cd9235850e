import { Hono } from 'hono';
import { z } from 'zod';
import { eventNumber, toEventNumber } from '#core/run/event.ts';
import { metricKeys, metricPoints, type Point } from '#trainer/sidecar/db/point-rows.ts';
import { thinSeries } from '#trainer/sidecar/runs/buckets.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

const metricsQuery = z.object({
  keys: z.string().optional().describe('Metric names, separated by commas; all where it is left out'),
  from: z.coerce.number().int().min(0).default(0).describe('First step'),
  to: z.coerce.number().int().min(0).default(Number.MAX_SAFE_INTEGER).describe('Last step'),
  points: z.coerce
    .number()
    .int()
    .min(4)
    .max(1_000_000)
    .optional()
    .describe('About so many points a metric; of each bucket first, last, minimum and maximum stay'),
  format: z.enum(['json', 'csv']).optional(),
});

const series = z.object({ step: z.array(z.int()), epoch: z.array(eventNumber), value: z.array(eventNumber) });
const answer = z.object({
  run: z.string(),
  keys: z.array(z.string()).describe('All metrics of the run'),
  series: z.record(z.string(), series),
});

/** The curves of a run, whole or thinned. Of a step that several attempts took the highest attempt counts. */
export function metricRoutes(deps: Deps) {
  return new Hono().get(
    '/:id/metrics',
    describe('Runs', 'Metrics as series, or as CSV', { 200: answer }, [400, 404]),
    query(metricsQuery),
    async (c) => {
      const run = await requireRun(deps, c.req.param('id'));
      const { keys: wanted, from, to, points, format } = c.req.valid('query');
      const keys = await metricKeys(deps.db, run.id);
      const chosen = wanted === undefined ? keys : keys.filter((key) => wanted.split(',').includes(key));
      const found: (readonly [string, readonly Point[]])[] = [];
      for (const key of chosen) {
        const all = await metricPoints(deps.db, run.id, key, from, to);
        found.push([key, points === undefined ? all : thinSeries(all, points)]);
      }
      const csv = format === 'csv' || (format === undefined && (c.req.header('accept') ?? '').includes('text/csv'));
      c.header('Vary', 'Accept');
      if (csv) {
        c.header('Content-Disposition', `attachment; filename="metrics-${run.id}.csv"`);
        return c.body(toCsv(found), 200, { 'Content-Type': 'text/csv; charset=utf-8' });
      }
      return c.json(
        { run: run.id, keys, series: Object.fromEntries(found.map(([key, list]) => [key, toSeries(list)])) },
        200,
      );
    },
  );
}

function toSeries(points: readonly Point[]) {
  return {
    step: points.map(({ step }) => step),
    epoch: points.map(({ epoch }) => toEventNumber(epoch)),
    value: points.map(({ value }) => toEventNumber(value)),
  };
}

/** The columns and the order of `metrics.csv`. */
function toCsv(found: readonly (readonly [string, readonly Point[]])[]): string {
  const rows = found.flatMap(([key, points]) => points.map((point) => ({ key, ...point })));
  rows.sort((a, b) => a.step - b.step);
  const lines = rows.map(
    ({ step, epoch, attempt, key, value }) => `${step},${epoch},${attempt},${cell(key)},${value}\n`,
  );
  return `step,epoch,attempt,metric,value\n${lines.join('')}`;
}

/** A name that a spreadsheet would take for a formula, or that holds a separator, is quoted and made harmless. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
