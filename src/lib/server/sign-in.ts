import type { Cookies, RequestEvent } from '@sveltejs/kit';
import { isReachedByTls } from '#core/guard/own-names.ts';
import { addressOf, ownNames, requestToJudge } from './guard-page.ts';
import { ownGate } from './settings.ts';

/** How a try to sign in ended; `wait` where it was not looked at, after many wrong ones. */
type Outcome = 'in' | 'none' | 'wait';

/** Lets a browser in that shows the token: it gets a session in a cookie that no script can read. */
export async function signIn(event: RequestEvent, token: string): Promise<Outcome> {
  const gate = ownGate();
  if (gate === null) return 'none';
  const session = await gate.signIn(token, addressOf(event));
  if (session === 'none' || session === 'wait') return session;
  event.cookies.set(session.name, session.value, { ...cookieOptions(event), maxAge: session.maxAge });
  return 'in';
}

/** Takes the session from the browser. */
export function signOut(event: RequestEvent): void {
  const gate = ownGate();
  if (gate !== null) event.cookies.delete(gate.cookieName, cookieOptions(event));
}

function cookieOptions(event: RequestEvent): Parameters<Cookies['set']>[2] {
  const secure = isReachedByTls(requestToJudge(event), ownNames());
  return { path: '/', httpOnly: true, sameSite: 'lax', secure };
}

/** Where a page was to be opened, below our own address: a path and its query, without a token. */
export function placeToOpen(to: string): string {
  if (!/^\/(?![/\\])/.test(to) || to.includes('\\')) return '/';
  const url = new URL(to, 'http://127.0.0.1');
  url.searchParams.delete('token');
  return url.pathname.replace(/^\/{2,}/, '/') + url.search;
}
