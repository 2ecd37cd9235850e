import { createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds that a session lasts: 30 days. */
export const sessionSeconds = 2_592_000;

/**
 * Sessions of people who have shown a token, as the value of a cookie. Cookies go to every port of a host, so the value
 * is made from the token and cannot be turned back into it: the second it ends, and an HMAC of that. Both servers make the
 * same ones; another token or another home ends all of them.
 */
interface Sessions {
  /** A new value, which ends in `sessionSeconds`. */
  begin(): string;
  /** Whether this is a value of ours that has not ended. */
  holds(value: string): boolean;
}

/**
 * @param key secret of the home, which keeps whoever sees a value from trying tokens on it.
 * @param now in ms.
 */
export function openSessions(key: string, token: string, now: () => number = Date.now): Sessions {
  const sign = (ends: string) => createHmac('sha256', key).update(`${token}\0${ends}`).digest('base64url');
  return {
    begin() {
      const ends = (Math.floor(now() / 1000) + sessionSeconds).toString(36);
      return `${ends}.${sign(ends)}`;
    },
    holds(value) {
      const [, ends, mac] = /^([0-9a-z]{1,9})\.([\w-]{43})$/.exec(value) ?? [];
      if (ends === undefined || mac === undefined) return false;
      return timingSafeEqual(Buffer.from(mac), Buffer.from(sign(ends))) && Number.parseInt(ends, 36) * 1000 > now();
    },
  };
}
