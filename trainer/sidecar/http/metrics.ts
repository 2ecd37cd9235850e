import { Hono } from 'hono';
import { type MetricsAnswer, metricsAnswer } from '#core/api/run-answers.ts';
import { metricsQuery } from '#core/api/run-requests.ts';
import { toEventNumber } from '#core/run/event.ts';
import { isOfTest } from '#core/run/reduce.ts';
import { metricKeys, metricPoints, type Point } from '#trainer/sidecar/db/point-rows.ts';
import { thinSeries } from '#trainer/sidecar/runs/buckets.ts';
import { isSealed } from '#trainer/sidecar/runs/seal.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';

/** The curves of a run, whole or thinned. Of a step that several attempts took the highest attempt counts. */
export function metricRoutes(deps: Deps) {
  return new Hono().get(
    '/:id/metrics',
    describe({
      id: 'readMetrics',
      tag: 'Runs',
      summary: 'Metrics as series, or as CSV',
      answers: {
        200: {
          description: 'Columns a metric; of a step that several attempts took, the highest attempt’s',
          content: { 'application/json': metricsAnswer, 'text/csv': null },
        },
      },
      refuses: [404],
    }),
    query(metricsQuery),
    async (c) => {
      const run = await requireRun(deps, c.req.param('id'));
      const { keys: wanted, from, to, points, format } = c.req.valid('query');
      const all = await metricKeys(deps.db, run.id);
      const keys = isSealed(run) ? all.filter((key) => !isOfTest(key)) : all;
      const chosen = wanted === undefined ? keys : keys.filter((key) => wanted.split(',').includes(key));
      const found: (readonly [string, readonly Point[]])[] = [];
      for (const key of chosen) {
        const whole = await metricPoints(deps.db, run.id, key, from, to);
        found.push([key, points === undefined ? whole : thinSeries(whole, points)]);
      }
      const csv = format === 'csv' || (format === undefined && (c.req.header('accept') ?? '').includes('text/csv'));
      c.header('Vary', 'Accept');
      if (csv) {
        c.header('Content-Disposition', `attachment; filename="metrics-${run.id}.csv"`);
        return c.body(toCsv(found), 200, { 'Content-Type': 'text/csv; charset=utf-8' });
      }
      const series = Object.fromEntries(found.map(([key, list]) => [key, toSeries(list)]));
      const answer: MetricsAnswer = { run: run.id, keys: [...keys], series };
      return c.json(answer, 200);
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
