import { Hono } from 'hono';
import { metricsAnswer } from '#core/api/run-answers.ts';
import { metricsQuery } from '#core/api/run-requests.ts';
import { isOfTest } from '#core/run/reduce.ts';
import { timesOf } from '#trainer/sidecar/db/event-rows.ts';
import { metricKeys, type Point } from '#trainer/sidecar/db/point-rows.ts';
import { type Curve, curveOf, smoothedCurve, storedCurve } from '#trainer/sidecar/runs/curve.ts';
import { curvesCsv } from '#trainer/sidecar/runs/curves-csv.ts';
import { curvesJson } from '#trainer/sidecar/runs/curves-json.ts';
import { isSealed } from '#trainer/sidecar/runs/seal.ts';
import { ThinCurves } from '#trainer/sidecar/runs/thin-curves.ts';
import { query } from './body.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';
import { requireRun } from './find-run.ts';
import { bodyStream } from './body-stream.ts';

/** The curves of a run, whole or thinned. Of a step that several attempts took the highest attempt counts. */
export function metricRoutes(deps: Deps) {
  const { db } = deps;
  const thinCurves = new ThinCurves(db);

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
      const { keys: wanted, from, to, points, smoothing, format } = c.req.valid('query');
      const all = await metricKeys(db, run.id);
      const keys = isSealed(run) ? all.filter((key) => !isOfTest(key)) : all;
      const chosen = wanted === undefined ? keys : keys.filter((key) => wanted.split(',').includes(key));
      const { lastSeq } = run.view;
      const whole = (key: string) => storedCurve(db, run.id, key, { from, to, lastSeq });
      const curves =
        points === undefined
          ? chosen.map((key) => (smoothing === undefined ? whole(key) : smoothedCurve(whole(key), smoothing)))
          : readThin(chosen, (key) => thinCurves.read(run.id, key, lastSeq, { from, to, most: points, smoothing }));
      const csv = format === 'csv' || (format === undefined && (c.req.header('accept') ?? '').includes('text/csv'));
      c.header('Vary', 'Accept');
      if (csv) {
        c.header('Content-Disposition', `attachment; filename="metrics-${run.id}.csv"`);
        return c.body(bodyStream(curvesCsv(curves)), 200, { 'Content-Type': 'text/csv; charset=utf-8' });
      }
      const text = curvesJson(
        { run: run.id, keys, lastSeq },
        curves,
        (seqs) => timesOf(db, run.id, seqs),
        smoothing !== undefined,
      );
      return c.body(bodyStream(text), 200, { 'Content-Type': 'application/json' });
    },
  );
}

/** Each when it is its turn. */
async function* readThin(
  keys: readonly string[],
  read: (key: string) => Promise<readonly Point[]>,
): AsyncGenerator<Curve, void, void> {
  for (const key of keys) yield curveOf(key, await read(key));
}
