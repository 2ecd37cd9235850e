import type { Handle, RequestEvent } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { checkRequest } from '#core/guard/request.ts';
import { requestToJudge, rulesFor } from './lib/server/guard-page.ts';
import { errorResponse } from '#lib/server/respond.ts';
import { signIn } from '#lib/server/sign-in.ts';

const themes = new Set(['light', 'dark']);

/** Judges every request by the rules both servers share, before any route, the proxy included, sees it. */
const guard: Handle = async ({ event, resolve }) => {
  // A load function asking one of our own routes: the request that caused it has been judged.
  if (event.isSubRequest) return resolve(event);
  const rules = rulesFor(event.url.pathname);
  const signed = signIn(event, rules.token);
  if (signed) return signed;
  const verdict = checkRequest(requestToJudge(event), rules);
  if (!verdict.ok) return errorResponse(verdict.code, verdict.message, verdict.status);
  return resolve(event);
};

/** Puts the chosen theme into the first byte of the page, so that it never flashes in the other one. */
const dress: Handle = async ({ event, resolve }) => {
  const response = await resolve(event, {
    // A page that loads a notebook needs the tag its save must name.
    filterSerializedResponseHeaders: (name) => name === 'etag' || name === 'content-type',
    transformPageChunk: ({ html }) => html.replace('%almanac.theme%', chosenTheme(event)),
  });
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    response.headers.set('x-content-type-options', 'nosniff');
    response.headers.set('referrer-policy', 'no-referrer');
    response.headers.set('x-frame-options', 'DENY');
    response.headers.set('cross-origin-opener-policy', 'same-origin');
  }
  return response;
};

function chosenTheme(event: RequestEvent): string {
  const chosen = event.cookies.get('almanac-theme') ?? '';
  return themes.has(chosen) ? chosen : '';
}

export const handle = sequence(guard, dress);
