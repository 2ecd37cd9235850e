import { Hono, type MiddlewareHandler } from 'hono';
import { generateSpecs } from 'hono-openapi';
import { artifactRoutes } from './http/artifacts.ts';
import { binRoutes } from './http/bin.ts';
import { cacheRoutes } from './http/cache.ts';
import { limitBody } from './http/body.ts';
import { cellRoutes } from './http/cells.ts';
import { bulkRoutes } from './http/bulk.ts';
import { dataRoutes } from './http/data.ts';
import type { Deps } from './http/deps.ts';
import { diffRoutes } from './http/diff.ts';
import { describeApi, openapiRoutes } from './http/openapi.ts';
import { docsRoutes } from './http/docs.ts';
import { compressAnswers } from './http/compression.ts';
import { toErrorResponse } from './http/error.ts';
import { guard } from './http/guard-api.ts';
import { eventRoutes } from './http/events.ts';
import { logRoutes } from './http/logs.ts';
import { machineRoutes } from './http/machine.ts';
import { answerMissing } from './http/methods.ts';
import { metricRoutes } from './http/metrics.ts';
import { openingRoutes } from './http/opening.ts';
import { planRoutes } from './http/plan.ts';
import { runBarsRoutes } from './http/run-bars.ts';
import { proseRoutes } from './http/prose.ts';
import { runTableRoutes } from './http/run-table.ts';
import { runRoutes } from './http/runs.ts';
import { sharedStreamRoutes } from './http/shared-stream.ts';
import { shownRoutes } from './http/shown.ts';
import { streamRoutes } from './http/stream.ts';

/**
 * The sidecar's HTTP interface (HTTP.md).
 *
 * @example
 * const app = createApp(deps); // as startSidecar makes them, or a test
 * const answer = await app.request('http://127.0.0.1:4318/runs?limit=10');
 * answer.status; // 200
 */
export function createApp(deps: Deps) {
  /** Before a run is read: its notebook may have another name by now. */
  const followNames: MiddlewareHandler = async (_, next) => {
    await deps.names.look();
    await next();
  };
  const app = new Hono()
    .use(guard(deps.guard))
    .use(limitBody)
    .use(compressAnswers)
    .use('/runs', followNames)
    .use('/runs/:id', followNames)
    .route('/runs', streamRoutes(deps))
    .route('/runs', metricRoutes(deps))
    .route('/runs', eventRoutes(deps))
    .route('/runs', shownRoutes(deps))
    .route('/runs', logRoutes(deps))
    .route('/runs', artifactRoutes(deps))
    .route('/runs', openingRoutes(deps))
    .route('/runs', runBarsRoutes(deps))
    .route('/runs', binRoutes(deps))
    .route('/runs', planRoutes(deps))
    .route('/runs', proseRoutes(deps))
    .route('/runs', bulkRoutes(deps))
    .route('/runs', runTableRoutes(deps))
    .route('/runs', diffRoutes(deps))
    .route('/runs', runRoutes(deps))
    .route('/stream', sharedStreamRoutes(deps))
    .route('/notebooks', cellRoutes(deps))
    .route('/data', dataRoutes(deps))
    .route('/docs', docsRoutes())
    .route('/cache', cacheRoutes(deps))
    .route('/', machineRoutes(deps));
  const options = { documentation: describeApi(deps.version), exclude: ['/openapi.json', /^\/docs/] };
  app.route(
    '/openapi.json',
    openapiRoutes(() => generateSpecs(app, options)),
  );
  app.notFound(answerMissing(app));
  app.onError((error, c) => toErrorResponse(error, c, deps.log));
  return app;
}

/** What typed clients are made from: the page's, and the command line's. */
export type App = ReturnType<typeof createApp>;
