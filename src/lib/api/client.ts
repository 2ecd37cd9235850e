import { hc } from 'hono/client';
import type { BodyOf } from '#core/api/settle.ts';
import type { App } from '#trainer/sidecar/app.ts';
import { type Fetch, settle } from './request.ts';

/**
 * The sidecar behind the page's proxy, typed by its own routes: a route that changes is a type error where it is called.
 *
 * @example
 * const run = await answer(sidecar(fetch).runs[':id'].$get({ param: { id } }));
 */
export function sidecar(fetcher: Fetch, init: RequestInit = {}) {
  return hc<App>('/api', {
    init,
    fetch: (input: RequestInfo | URL, options?: RequestInit) => fetcher(String(input), options),
  });
}

/** A run in a path, for the typed client puts it there as it is. */
export const at = (id: string) => ({ id: encodeURIComponent(id) });

/** The JSON of an answer, as its route types it. @throws ApiError where the sidecar refuses or nobody answers. */
export async function answer<Answer extends Pick<Response, 'ok' | 'status'> & { json(): Promise<BodyOf<Answer>> }>(
  sent: Promise<Answer>,
  signal?: AbortSignal | null,
): Promise<BodyOf<Answer>> {
  return (await settle(sent, signal)).json();
}
