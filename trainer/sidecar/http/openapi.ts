import { Hono } from 'hono';
import type { generateSpecs } from 'hono-openapi';
import { isMap } from '#core/config/document.ts';

type Documentation = NonNullable<NonNullable<Parameters<typeof generateSpecs>[1]>['documentation']>;

/** GET /openapi.json. @param make generates the description of all routes; asked at the first request, when they are there. */
export function openapiRoutes(make: () => Promise<unknown>) {
  let made: Promise<unknown> | undefined;
  return new Hono().get('/', async (c) => {
    made ??= make();
    return c.json(keepTuples(await made), 200);
  });
}

/** The generator writes a tuple as JSON Schema did before 2020; OpenAPI 3.1 knows it as `prefixItems`. */
function keepTuples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keepTuples);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, keepTuples(inner)] as const);
  const { items, ...rest } = Object.fromEntries(entries);
  if (items === undefined) return rest;
  return Array.isArray(items) ? { ...rest, prefixItems: items } : { ...rest, items };
}

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
