import type { ErrorCode } from '#core/error.ts';
import { hostAllowed, originAllowed, parseAuthority } from './authority.ts';
import { equalSecret, presentedToken } from './token.ts';

/** The parts of a request that decide whether it may do anything at all, as the client sent them. */
export interface GuardedRequest {
  readonly method: string;
  /** The request target (`/runs`) or the absolute URL the framework made of it. */
  readonly url: string;
  /** Every value of the Host header, one an occurrence; two are refused. */
  readonly hosts: readonly string[];
  /** Headers there are; more than a browser would ever send are refused. */
  readonly headerCount?: number;
  readonly origin?: string | null;
  readonly secFetchSite?: string | null;
  readonly contentType?: string | null;
  /** A body is announced: Content-Length above 0, or Transfer-Encoding. */
  readonly hasBody?: boolean;
  /** An upgrade to a WebSocket: a GET that a foreign page could open, so it is judged as a change. */
  readonly isUpgrade?: boolean;
  readonly authorization?: string | null;
  readonly cookie?: string | null;
}

export interface GuardRules {
  /** Our ports: the web app's and the sidecar's. */
  readonly ports: readonly number[];
  /** Host names that are ours, lower case, IPv6 without brackets. */
  readonly hosts: readonly string[];
  /** Asked for when the server listens beyond loopback. */
  readonly token?: string;
  /** Media types that a body may have. */
  readonly bodyTypes?: readonly string[];
}

type RefusalStatus = 400 | 401 | 403 | 415 | 421 | 431;

export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly status: RefusalStatus;
      readonly code: ErrorCode;
      readonly message: string;
    };

export const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

/** Methods that only read. All others change something, the unknown ones too. */
const reading = new Set(['GET', 'HEAD']);

/** Node itself silently drops headers from the 2,001st on, and with them an Origin. */
const maxHeaders = 200;

/**
 * Judges a request before any route sees it; both servers ask the same question. In order: not too many headers; one
 * Host, and it is ours; the target names no other host; the token, where one is demanded; nothing that changes comes from another site;
 * bodies are JSON.
 */
export function checkRequest(request: GuardedRequest, rules: GuardRules): Verdict {
  return (
    checkCount(request) ??
    checkHost(request, rules) ??
    checkTarget(request, rules) ??
    checkToken(request, rules) ??
    checkSite(request, rules) ??
    checkBody(request, rules) ?? { ok: true }
  );
}

function refuse(status: RefusalStatus, code: ErrorCode, message: string): Verdict {
  return { ok: false, status, code, message };
}

function checkCount({ headerCount = 0 }: GuardedRequest): Verdict | undefined {
  if (headerCount <= maxHeaders) return undefined;
  return refuse(431, 'too_large', `expected at most ${maxHeaders} headers, received ${headerCount}`);
}

function checkHost({ hosts }: GuardedRequest, rules: GuardRules): Verdict | undefined {
  if (hosts.length !== 1) {
    return refuse(400, 'invalid_request', `expected one Host header, received ${hosts.length}`);
  }
  if (hostAllowed(hosts[0], rules)) return undefined;
  return refuse(421, 'wrong_host', `this server answers to ${ours(rules)} only; open it under one of these`);
}

/** `GET http://evil/x` and `//evil/x` make frameworks believe another host than the header says. */
function checkTarget({ url, hosts }: GuardedRequest, rules: GuardRules): Verdict | undefined {
  if (url.startsWith('//') || url.startsWith('/\\') || url.includes('\\')) {
    return refuse(400, 'invalid_request', 'expected a path that begins with a single /');
  }
  if (url.startsWith('/')) return undefined;
  const match = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url);
  if (!match) return refuse(400, 'invalid_request', 'expected a path that begins with /');
  const [, authority, path] = match;
  if (path.startsWith('//')) return refuse(400, 'invalid_request', 'expected a path that begins with a single /');
  const named = parseAuthority(authority);
  const header = parseAuthority(hosts[0]);
  if (named && header && named.host === header.host && named.port === header.port) return undefined;
  return refuse(421, 'wrong_host', `the request names another host than its Host header; ours are ${ours(rules)}`);
}

function checkToken(request: GuardedRequest, { token }: GuardRules): Verdict | undefined {
  if (token === undefined) return undefined;
  const presented = presentedToken(request);
  if (presented !== undefined && equalSecret(presented, token)) return undefined;
  return refuse(
    401,
    'forbidden',
    'expected the token that was printed at the start, as "Authorization: Bearer <token>"',
  );
}

function checkSite(request: GuardedRequest, rules: GuardRules): Verdict | undefined {
  if (reading.has(request.method) && !request.isUpgrade) return undefined;
  const { origin, secFetchSite } = request;
  if (secFetchSite != null && secFetchSite !== 'same-origin' && secFetchSite !== 'none') {
    return refuse(403, 'forbidden', 'a page of another site may not do this (Sec-Fetch-Site)');
  }
  if (origin != null && !originAllowed(origin, rules)) {
    return refuse(403, 'forbidden', `a page of another origin may not do this; ours are http:// and ${ours(rules)}`);
  }
  return undefined;
}

function checkBody(
  { method, hasBody, contentType, isUpgrade }: GuardedRequest,
  rules: GuardRules,
): Verdict | undefined {
  if (reading.has(method) || isUpgrade || !hasBody) return undefined;
  const allowed = rules.bodyTypes ?? ['application/json'];
  const essence = (contentType ?? '').split(';')[0].trim().toLowerCase();
  if (allowed.includes(essence)) return undefined;
  const received = essence === '' ? 'none' : JSON.stringify(essence.slice(0, 80));
  return refuse(415, 'unsupported_media_type', `expected Content-Type ${allowed.join(' or ')}, received ${received}`);
}

function ours({ hosts, ports }: GuardRules): string {
  return hosts.flatMap((host) => ports.map((port) => `${host.includes(':') ? `[${host}]` : host}:${port}`)).join(', ');
}
