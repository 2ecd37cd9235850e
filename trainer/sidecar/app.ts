import { Hono } from 'hono';
import { openAPIRouteHandler } from 'hono-openapi';
import { artifactRoutes } from './http/artifacts.ts';
import { limitBody } from './http/body.ts';
import { dataRoutes } from './http/data.ts';
import type { Deps } from './http/deps.ts';
import { docsRoutes } from './http/docs.ts';
import { errorBody, toErrorResponse } from './http/error.ts';
import { guard } from './http/guard-api.ts';
import { logRoutes } from './http/logs.ts';
import { machineRoutes } from './http/machine.ts';
import { metricRoutes } from './http/metrics.ts';
import { runRoutes } from './http/runs.ts';
import { streamRoutes } from './http/stream.ts';

/** The sidecar's HTTP interface (CONTRACT 5). */
export function createApp(deps: Deps) {
  const app = new Hono()
    .use(guard(deps.guardRules))
    .use(limitBody)
    .route('/runs', streamRoutes(deps))
    .route('/runs', metricRoutes(deps))
    .route('/runs', logRoutes(deps))
    .route('/runs', artifactRoutes(deps))
    .route('/runs', runRoutes(deps))
    .route('/data', dataRoutes(deps))
    .route('/docs', docsRoutes())
    .route('/', machineRoutes(deps));
  app.get(
    '/openapi.json',
    openAPIRouteHandler(app, {
      documentation: {
        info: {
          title: 'Almanac',
          version: deps.version,
          description: 'Runs that train forecasting models for market bars: create, follow, steer, download.',
        },
      },
      exclude: ['/openapi.json', /^\/docs/],
    }),
  );
  app.notFound((c) =>
    c.json(errorBody('invalid_request', 'There is nothing here. The paths there are: GET /docs.'), 404),
  );
  app.onError((error, c) => toErrorResponse(error, c, deps.log));
  return app;
}
