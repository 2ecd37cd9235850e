import { type Handle, redirect, type RequestEvent } from '@sveltejs/kit';
import { sequence } from '@sveltejs/kit/hooks';
import { checkPlace, checkRequest, type Verdict } from '#core/guard/request.ts';
import { asksToken, isDoor, isTrustworthy, requestToJudge, rightOf, rulesFor } from '#lib/server/guard-page.ts';
import { errorResponse } from '#lib/server/respond.ts';
import { placeToOpen, signIn } from '#lib/server/sign-in.ts';

const themes = new Set(['light', 'dark']);

/** Judges every request by the rules both servers share, before any route, the proxy included, sees it. */
const guard: Handle = async ({ event, resolve }) => {
  // A load function asking one of our own routes: the request that caused it has been judged.
  if (event.isSubRequest) return resolve(event);
  const path = event.url.pathname;
  const rules = rulesFor(path);
  const request = requestToJudge(event);
  const placed = checkPlace(request, rules);
  if (!placed.ok) return refuse(placed);
  const token = event.url.searchParams.get('token');
  if (token !== null && isPage(event)) await openWithToken(event, token);
  const right = await rightOf(event, request);
  if (right === 'none' && isPage(event) && !isDoor(path)) goSignIn(event);
  event.locals.right = right;
  event.locals.asksToken = asksToken();
  const verdict = checkRequest(request, rules, isDoor(path) ? 'all' : right);
  if (!verdict.ok) return refuse(verdict);
  return resolve(event);
};

function refuse({ code, message, status }: Extract<Verdict, { ok: false }>): Response {
  const answer = errorResponse(code, message, status);
  // Its body is not read, and whoever asked for an upgrade waits for the end.
  answer.headers.set('connection', 'close');
  return answer;
}

/** Whether a person opens a page: no program, and none of the page's own requests, asks for HTML. */
function isPage({ request, url }: RequestEvent): boolean {
  const isOurs = !url.pathname.startsWith('/api/') && !url.pathname.startsWith('/files/');
  return request.method === 'GET' && isOurs && (request.headers.get('accept') ?? '').includes('text/html');
}

/**
 * A page opened with `?token=…`: begins a session and opens the page again without it, so that the token stays in no history
 * entry and no bookmark.
 */
async function openWithToken(event: RequestEvent, token: string): Promise<never> {
  const outcome = await signIn(event, token);
  const to = placeToOpen(event.url.pathname + event.url.search);
  redirect(303, outcome === 'in' ? to : `/sign-in?to=${encodeURIComponent(to)}&refused=${outcome}`);
}

function goSignIn(event: RequestEvent): never {
  redirect(303, `/sign-in?to=${encodeURIComponent(placeToOpen(event.url.pathname + event.url.search))}`);
}

/** Puts the chosen theme into the first byte of the page, so that it never flashes in the other one. */
const dress: Handle = async ({ event, resolve }) => {
  const response = await resolve(event, {
    // A page that loads a notebook needs the tag its save must name.
    filterSerializedResponseHeaders: (name) => name === 'etag' || name === 'content-type',
    transformPageChunk: ({ html }) => html.replace('%almanac.theme%', chosenTheme(event)),
  });
  if (response.headers.get('content-type')?.startsWith('text/html')) {
    const policy = response.headers.get('content-security-policy');
    if (policy !== null) response.headers.set('content-security-policy', withStyleNonce(policy));
    response.headers.set('x-content-type-options', 'nosniff');
    // A form of a page that names no referrer has no origin either, and would be refused as a stranger's.
    response.headers.set('referrer-policy', isDoor(event.url.pathname) ? 'same-origin' : 'no-referrer');
    response.headers.set('x-frame-options', 'DENY');
    // Elsewhere browsers ignore it, with an error on every page.
    if (isTrustworthy(event)) response.headers.set('cross-origin-opener-policy', 'same-origin');
  }
  return response;
};

/** Lets in the style elements of CodeMirror, which bear the word that Kit gives its own script; no others. */
function withStyleNonce(policy: string): string {
  const nonce = /'nonce-[^']+'/.exec(policy)?.[0];
  if (nonce === undefined) return policy;
  // While developing all elements are let in, which a nonce would undo.
  return policy.replace(/(?<=style-src-elem )[^;]*/, (sources) =>
    sources.includes("'unsafe-inline'") ? sources : `${sources} ${nonce}`,
  );
}

function chosenTheme(event: RequestEvent): string {
  const chosen = event.cookies.get('almanac-theme') ?? '';
  return themes.has(chosen) ? chosen : '';
}

export const handle = sequence(guard, dress);
