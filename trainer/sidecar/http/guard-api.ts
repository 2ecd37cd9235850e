import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';
import { guardedRequest, type RawRequest } from '#core/guard/raw-request.ts';
import { checkPlace, checkRequest, type Verdict } from '#core/guard/request.ts';
import type { Deps } from './deps.ts';
import { refuse } from './error.ts';

/** Judges a request before every route: the host it names, who sends it, and the site it comes from. */
export function guard({ rules, gate }: Deps['guard']): MiddlewareHandler<{ Bindings: Partial<HttpBindings> }> {
  async function judge(incoming: IncomingMessage | undefined, raw: Request): Promise<Verdict> {
    // Node's own list still has a second Host header and empty ones; what the framework made of it has not.
    const request = guardedRequest(incoming ?? toRaw(raw));
    const now = rules();
    if (gate === null) return checkRequest(request, now);
    const placed = checkPlace(request, now);
    if (!placed.ok) return placed;
    return checkRequest(request, now, await gate.rightOf(request, incoming?.socket.remoteAddress ?? ''));
  }

  return async function guardRequest(c, next) {
    const verdict = await judge(c.env?.incoming, c.req.raw);
    // The two headers that keep an answer from being taken for a page; a stream's are set before it starts.
    const close = () => {
      c.header('X-Content-Type-Options', 'nosniff');
      c.header('Cross-Origin-Resource-Policy', 'same-origin');
    };
    if (!verdict.ok) {
      close();
      return refuse(c, verdict.code, verdict.message, { status: verdict.status });
    }
    await next();
    close();
    return undefined;
  };
}

/** A request that came over no socket, as a test makes it. */
function toRaw(request: Request): RawRequest {
  const headers = new Headers(request.headers);
  if (!headers.has('host')) headers.set('host', new URL(request.url).host);
  return { method: request.method, url: request.url, rawHeaders: [...headers].flat() };
}
