/** Name of the cookie that holds the token for pages, which cannot set headers on an event stream. */
export const tokenCookie = 'almanac_token';

/** The token that a request shows: a bearer, else the cookie. */
export function presentedToken(request: {
  readonly authorization?: string | null;
  readonly cookie?: string | null;
}): string | undefined {
  const bearer = /^bearer +(\S+)$/i.exec(request.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  for (const part of (request.cookie ?? '').split(';')) {
    const [name, ...value] = part.trim().split('=');
    if (name === tokenCookie) return value.join('=');
  }
  return undefined;
}

/** Equality that takes as long for a wrong guess as for the right one of the same length. */
export function equalSecret(presented: string, secret: string): boolean {
  let difference = presented.length ^ secret.length;
  for (let i = 0; i < presented.length; i++) {
    difference |= presented.charCodeAt(i) ^ secret.charCodeAt(i % Math.max(1, secret.length));
  }
  return difference === 0 && secret.length > 0;
}
