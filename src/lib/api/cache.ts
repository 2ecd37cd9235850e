import type { CacheContent } from '#core/api/cache-answers.ts';
import { answer, sidecar } from './client.ts';
import type { Fetch } from './request.ts';

/** What is kept for runs to come. */
export function weighCache(fetcher: Fetch): Promise<CacheContent> {
  return answer(sidecar(fetcher).cache.$get());
}

/** Removes it; answers what it was. */
export function clearCache(fetcher: Fetch): Promise<CacheContent> {
  return answer(sidecar(fetcher).cache.$delete());
}
