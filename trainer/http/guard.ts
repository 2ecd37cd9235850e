import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { headerValues } from '#core/guard/authority.ts';
import { checkRequest, type GuardRules } from '#core/guard/request.ts';
import { errorBody } from './error.ts';

/**
 * Stands before every route: who the request says we are, where it comes from, and its token.
 * @param rules asked at each request, for the port is known only once the server listens.
 */
export function guard(rules: () => GuardRules): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  return async function guardRequest(c, next) {
    const incoming = c.env?.incoming;
    // Node's own list still has a second Host header; what the framework made of the request has only the first.
    const hosts = incoming
      ? headerValues(incoming.rawHeaders, 'host')
      : [c.req.header('host') ?? new URL(c.req.url).host];
    const header = (name: string) => c.req.header(name) ?? null;
    const length = header('content-length');
    const verdict = checkRequest(
      {
        method: c.req.method,
        url: incoming?.url ?? c.req.url,
        hosts,
        origin: header('origin'),
        secFetchSite: header('sec-fetch-site'),
        contentType: header('content-type'),
        hasBody: (length !== null && length !== '0') || header('transfer-encoding') !== null,
        isUpgrade: header('upgrade') !== null,
        authorization: header('authorization'),
        cookie: header('cookie'),
      },
      rules(),
    );
    if (!verdict.ok) return c.json(errorBody(verdict.code, verdict.message), verdict.status);
    await next();
    // The two headers that keep an answer from being taken for a page; a stream's are set before it starts.
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    return undefined;
  };
}
