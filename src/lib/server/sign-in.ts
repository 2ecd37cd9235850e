import type { RequestEvent } from '@sveltejs/kit';
import { equalSecret, tokenCookie } from '#core/guard/token.ts';

/**
 * A page opened with `?token=…` while a token is demanded: keeps the token in a cookie no script can read and opens
 * the page again without it, so that it stays in no history entry, bookmark or log. Null for every other request.
 */
export function signIn(event: RequestEvent, token: string | undefined): Response | null {
  if (token === undefined || event.request.method !== 'GET' || event.url.pathname.startsWith('/api/')) return null;
  const presented = event.url.searchParams.get('token');
  if (presented === null || !equalSecret(presented, token)) return null;
  const rest = new URLSearchParams(event.url.searchParams);
  rest.delete('token');
  const query = rest.size > 0 ? `?${rest}` : '';
  return new Response(null, {
    status: 303,
    headers: {
      location: event.url.pathname.replace(/^\/{2,}/, '/') + query,
      'set-cookie': `${tokenCookie}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    },
  });
}
