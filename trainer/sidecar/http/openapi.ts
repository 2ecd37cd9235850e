import { Hono } from 'hono';
import type { generateSpecs } from 'hono-openapi';
import { isMap } from '#core/config/document.ts';

type Documentation = NonNullable<NonNullable<Parameters<typeof generateSpecs>[1]>['documentation']>;

/** GET /openapi.json. @param make generates the description of all routes; asked at the first request, when they are there. */
export function openapiRoutes(make: () => Promise<unknown>) {
  let made: Promise<unknown> | undefined;
  return new Hono().get('/', async (c) => {
    made ??= make();
    return c.json(loosenTuples(await made), 200);
  });
}

/**
 * Readers that know `prefixItems`, in which the generator writes a tuple, are few. A list whose items are any of its members
 * says a little less, to everybody.
 */
function loosenTuples(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(loosenTuples);
  if (!isMap(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, loosenTuples(inner)] as const);
  const { prefixItems, ...rest } = Object.fromEntries(entries);
  if (!Array.isArray(prefixItems)) return rest;
  const members = [...new Map(prefixItems.map((member) => [JSON.stringify(member), member])).values()];
  return { ...rest, items: members.length === 1 ? members[0] : { anyOf: members } };
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
          description:
            'Asked for beyond loopback and wherever one is set: ALMANAC_TOKEN, or what was printed at the start; ALMANAC_READ_TOKEN only reads',
        },
      },
    },
  };
}
