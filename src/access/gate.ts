import { createHash, timingSafeEqual } from 'node:crypto';
import { bearerOf, cookiesNamed, type Right } from '#core/guard/credential.ts';
import { openSessions, sessionSeconds } from './sessions.ts';
import { SlowTries } from './slow-tries.ts';

interface GateSettings {
  /** Lets do everything. */
  readonly token: string;
  /** Lets look, and change nothing. */
  readonly readToken: string | null;
  /** Secret of the home (openSessionKey). */
  readonly sessionKey: string;
  /** Port of the page: cookies are shared by all ports of a host, so its name carries that. */
  readonly port: number;
}

/** A cookie that lets its browser in. */
interface SessionCookie {
  readonly name: string;
  readonly value: string;
  /** s */
  readonly maxAge: number;
}

/** Decides what whoever sends a request may do. One a process: it remembers wrong tries. */
export interface Gate {
  readonly cookieName: string;
  /**
   * The right that a request shows: that of its bearer, which counts as a try; else that of its session.
   * @param address of the other end of its connection; what headers say of it can be made up.
   */
  rightOf(
    request: { readonly authorization?: string | null; readonly cookie?: string | null },
    address: string,
  ): Promise<Right>;
  /** A session for a token that somebody has typed in or opened a link with. */
  signIn(token: string, address: string): Promise<SessionCookie | 'none' | 'wait'>;
}

export function openGate(settings: GateSettings, tries: SlowTries = new SlowTries()): Gate {
  const { token, readToken, sessionKey, port } = settings;
  const cookieName = `almanac_session_${port}`;
  const keys = [
    { right: 'all', secret: token },
    ...(readToken === null ? [] : [{ right: 'read', secret: readToken } as const]),
  ].map(({ right, secret }) => ({
    right: right as 'all' | 'read',
    digest: digestOf(secret),
    sessions: openSessions(sessionKey, secret),
  }));
  const find = (presented: string) => {
    const digest = digestOf(presented);
    return keys.find((key) => timingSafeEqual(key.digest, digest));
  };
  return {
    cookieName,
    async rightOf({ authorization, cookie }, address) {
      const bearer = bearerOf(authorization);
      if (bearer !== undefined) {
        const found = await tries.look(address, () => find(bearer)?.right);
        return found ?? 'none';
      }
      // No try: a session cannot be guessed, and pages that were left open come back with old ones for days.
      const values = cookiesNamed(cookie, cookieName).slice(0, 4);
      return keys.find(({ sessions }) => values.some((value) => sessions.holds(value)))?.right ?? 'none';
    },
    async signIn(presented, address) {
      const found = await tries.look(address, () => find(presented));
      if (found === undefined) return 'none';
      if (found === 'wait') return 'wait';
      return { name: cookieName, value: found.sessions.begin(), maxAge: sessionSeconds };
    },
  };
}

/** Of one length whatever was typed, so that comparing takes the same time. */
function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
