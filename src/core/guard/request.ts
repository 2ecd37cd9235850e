import { assertNever, type ErrorCode } from '#core/error.ts';
import { parseAuthority } from './authority.ts';
import type { Right } from './credential.ts';
import { defaultPorts } from './origin.ts';
import { isOwnHost, isOwnOrigin, type OwnNames, tellOwnNames } from './own-names.ts';

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
  readonly own: OwnNames;
  /** Media types that a body may have. */
  readonly bodyTypes?: readonly string[];
}

type RefusalStatus = 400 | 401 | 403 | 415 | 421 | 429 | 431;

export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly status: RefusalStatus;
      readonly code: ErrorCode;
      readonly message: string;
    };

/** Methods that only read. All others change something, the unknown ones too. */
const reading = new Set(['GET', 'HEAD']);

/** Node itself silently drops headers from the 2,001st on, and with them an Origin. */
const maxHeaders = 200;

/**
 * Judges by where a request is sent, before anybody asks whose it is: not too many headers; one Host, and it is ours;
 * the target names no other host.
 */
export function checkPlace(request: GuardedRequest, rules: GuardRules): Verdict {
  return checkCount(request) ?? checkHost(request, rules) ?? checkTarget(request, rules) ?? { ok: true };
}

/**
 * Judges a request before any route sees it; both servers ask the same question. In order: its place (checkPlace); the
 * right that its token or session gives; nothing that changes comes from another site; bodies are JSON.
 */
export function checkRequest(request: GuardedRequest, rules: GuardRules, right: Right = 'all'): Verdict {
  const placed = checkPlace(request, rules);
  if (!placed.ok) return placed;
  return checkRight(request, right) ?? checkSite(request, rules) ?? checkBody(request, rules) ?? { ok: true };
}

/** Whether the request can do no more than read; methods that nobody knows change something. */
function isReading({ method }: { readonly method: string }): boolean {
  return reading.has(method);
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
  if (isOwnHost(hosts[0], rules.own)) return undefined;
  return refuse(
    421,
    'wrong_host',
    `this server answers to ${tellOwnNames(rules.own)} only; open it under one of these, or name the origin of the ` +
      'proxy before it as ALMANAC_ORIGIN',
  );
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
  const fallback = defaultPorts[rules.own.scheme];
  const isSame = named && header && named.host === header.host;
  if (isSame && (named.port ?? fallback) === (header.port ?? fallback)) return undefined;
  return refuse(
    421,
    'wrong_host',
    `the request names another host than its Host header; ours are ${tellOwnNames(rules.own)}`,
  );
}

function checkRight(request: GuardedRequest, right: Right): Verdict | undefined {
  switch (right) {
    case 'all':
      return undefined;
    case 'read':
      if (isReading(request)) return undefined;
      return refuse(403, 'forbidden', 'this token only looks: to change something, sign in with the full one');
    case 'none':
      return refuse(
        401,
        'forbidden',
        'expected the token (ALMANAC_TOKEN, or what was printed at the start), as "Authorization: Bearer <token>"; ' +
          'in a browser, sign in at /sign-in',
      );
    case 'wait':
      return refuse(429, 'too_many_tries', 'too many wrong tokens came from this address: try again in a minute');
    default:
      return assertNever(right);
  }
}

function checkSite(request: GuardedRequest, rules: GuardRules): Verdict | undefined {
  if (isReading(request) && !request.isUpgrade) return undefined;
  const { origin, secFetchSite } = request;
  if (secFetchSite != null && secFetchSite !== 'same-origin' && secFetchSite !== 'none') {
    return refuse(403, 'forbidden', 'a page of another site may not do this (Sec-Fetch-Site)');
  }
  if (origin != null && !isOwnOrigin(origin, rules.own)) {
    return refuse(
      403,
      'forbidden',
      `a page of another origin may not do this; ours are ${tellOwnNames(rules.own)} (the origin of a proxy before us ` +
        'is declared as ALMANAC_ORIGIN)',
    );
  }
  return undefined;
}

function checkBody(
  { method, hasBody, contentType, isUpgrade }: GuardedRequest,
  rules: GuardRules,
): Verdict | undefined {
  if (isReading({ method }) || isUpgrade || !hasBody) return undefined;
  const allowed = rules.bodyTypes ?? ['application/json'];
  const essence = (contentType ?? '').split(';')[0].trim().toLowerCase();
  if (allowed.includes(essence)) return undefined;
  const received = essence === '' ? 'none' : JSON.stringify(essence.slice(0, 80));
  return refuse(415, 'unsupported_media_type', `expected Content-Type ${allowed.join(' or ')}, received ${received}`);
}
