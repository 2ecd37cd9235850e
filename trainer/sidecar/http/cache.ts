import { Hono } from 'hono';
import { cacheContentAnswer, clearedCacheAnswer } from '#core/api/cache-answers.ts';
import type { Deps } from './deps.ts';
import { describe } from './describe.ts';

const tag = 'Machine';

/** Results that runs to come can reuse: how much they are, and away with them. */
export function cacheRoutes(deps: Deps) {
  return new Hono()
    .get(
      '/',
      describe({ id: 'weighCache', tag, summary: 'What the cache holds', answers: { 200: cacheContentAnswer } }),
      async (c) => {
        c.header('Cache-Control', 'no-store');
        return c.json(await deps.cache.weigh(), 200);
      },
    )
    .delete(
      '/',
      describe({
        id: 'clearCache',
        tag,
        summary: 'Clear the cache; what it held is computed again where it is needed',
        answers: { 200: clearedCacheAnswer },
        refuses: [403],
      }),
      async (c) => c.json(await deps.cache.clear(), 200),
    );
}
