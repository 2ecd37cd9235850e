import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { guardedRequest, type RawRequest } from '#core/guard/raw-request.ts';
import { checkRequest, type GuardRules } from '#core/guard/request.ts';
import { refuse } from './error.ts';

/**
 * Judges a request before every route: the host it names, the site it comes from, and its token.
 * @param rules asked at each request, for the port is known only once the server listens.
 */
export function guard(rules: () => GuardRules): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  return async function guardRequest(c, next) {
    // Node's own list still has a second Host header and empty ones; what the framework made of it has not.
    const raw = c.env?.incoming ?? toRaw(c.req.raw);
    const verdict = checkRequest(guardedRequest(raw), rules());
    if (!verdict.ok) return refuse(c, verdict.code, verdict.message, { status: verdict.status });
    await next();
    // The two headers that keep an answer from being taken for a page; a stream's are set before it starts.
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    return undefined;
  };
}

/** A request that came over no socket, as a test makes it. */
function toRaw(request: Request): RawRequest {
  const headers = new Headers(request.headers);
  if (!headers.has('host')) headers.set('host', new URL(request.url).host);
  return { method: request.method, url: request.url, rawHeaders: [...headers].flat() };
}
