import type { CacheContent } from '#core/api/cache-answers.ts';
import { clearCache, weighCache } from '#lib/api/cache.ts';
import type { Fetch } from '#lib/api/request.ts';

/** What is kept for runs to come, as it was last asked; null until then, or where it cannot be told. */
export class CacheMeter {
  readonly #fetch: Fetch;
  #content = $state.raw<CacheContent | null>(null);
  #busy = $state(false);

  constructor(fetcher: Fetch) {
    this.#fetch = fetcher;
  }

  get content(): CacheContent | null {
    return this.#content;
  }
  get isBusy(): boolean {
    return this.#busy;
  }

  async refresh(): Promise<void> {
    this.#content = await weighCache(this.#fetch).catch(() => null);
  }

  /** Removes all of it. @throws ApiError where that is refused. */
  async clear(): Promise<CacheContent> {
    this.#busy = true;
    try {
      return await clearCache(this.#fetch);
    } finally {
      this.#busy = false;
      await this.refresh();
    }
  }
}
