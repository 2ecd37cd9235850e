import type { openAPIRouteHandler } from 'hono-openapi';

type Documentation = NonNullable<NonNullable<Parameters<typeof openAPIRouteHandler>[1]>['documentation']>;

/** What /openapi.json says of the whole: who we are, where we listen, how a request shows that it may. */
export function describeApi(version: string): Documentation {
  return {
    info: {
      title: 'Almanac',
      version,
      description: 'Runs that train forecasting models for market bars: create, follow, steer, download.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: 'http://127.0.0.1:4318', description: 'The sidecar; its port is TRAINER_PORT' },
      { url: 'http://127.0.0.1:4317/api', description: 'The page passes it on; its port is PORT' },
    ],
    tags: [
      { name: 'Runs', description: 'Made, listed, followed, steered; their curves, logs and files' },
      { name: 'Data', description: 'Data files, read and cleaned' },
      { name: 'Machine', description: 'Engines, this machine, the sidecar itself' },
    ],
    // On loopback nothing is asked for: hence the empty requirement beside the token's.
    security: [{}, { token: [] }],
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Asked for beyond loopback: ALMANAC_TOKEN, or what was printed at the start',
        },
      },
    },
  };
}
