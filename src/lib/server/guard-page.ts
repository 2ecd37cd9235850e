import type { RequestEvent } from '@sveltejs/kit';
import { serverNames } from '#access/server-names.ts';
import { isLoopback } from '#core/guard/listening.ts';
import { isReachedByTls, type OwnNames } from '#core/guard/own-names.ts';
import { guardedRequest } from '#core/guard/raw-request.ts';
import type { GuardedRequest, GuardRules } from '#core/guard/request.ts';
import type { Right } from '#core/guard/credential.ts';
import { declaredOrigins, ownGate, speaksTls, trainerPort, webHost, webPort } from './settings.ts';

/** The names under which page and sidecar are ours. */
export function ownNames(): OwnNames {
  const ports = [webPort(), trainerPort()];
  return serverNames({ host: webHost(), ports, tls: speaksTls(), origins: declaredOrigins() });
}

/** What is ours and what bodies may be: JSON, Markdown for a notebook's file, bytes for a data file, a form to sign in. */
export function rulesFor(path: string): GuardRules {
  return { own: ownNames(), bodyTypes: bodyTypes(path) };
}

function bodyTypes(path: string): readonly string[] {
  // An octet stream is none of the types that a foreign page could send without asking.
  if (path === '/files/data') return ['application/octet-stream'];
  if (isDoor(path)) return ['application/x-www-form-urlencoded'];
  return path.startsWith('/files/') ? ['application/json', 'text/markdown'] : ['application/json'];
}

/** Where people who may do nothing yet come in, and all go out. */
export function isDoor(path: string): boolean {
  return path === '/sign-in' || path === '/sign-out';
}

/** Whether this server lets nobody in who shows nothing. */
export function asksToken(): boolean {
  const isBeyond = !isLoopback(webHost()) || declaredOrigins().some(({ host }) => !isLoopback(host));
  return ownGate() !== null || isBeyond;
}

/** What whoever sends this request may do; started by hand beyond loopback, with no token handed over, nothing. */
export async function rightOf(event: RequestEvent, request: GuardedRequest): Promise<Right> {
  const gate = ownGate();
  if (gate !== null) return gate.rightOf(request, addressOf(event));
  return asksToken() ? 'none' : 'all';
}

/** The request as the client sent it: Node's own where the platform has it, which shows a second Host. */
export function requestToJudge({ request, url, platform }: RequestEvent): GuardedRequest {
  const target = url.pathname + url.search;
  const raw = nodeRequest(platform)?.rawHeaders ?? [...request.headers].flat();
  return guardedRequest({ method: request.method, url: target, rawHeaders: raw });
}

/** Whether browsers trust this page's origin: reached by TLS, or on their own machine. */
export function isTrustworthy(event: RequestEvent): boolean {
  return isLoopback(event.url.hostname) || isReachedByTls(requestToJudge(event), ownNames());
}

/** The other end of the connection: no header has a say in it. */
export function addressOf({ platform, getClientAddress }: RequestEvent): string {
  return nodeRequest(platform)?.socket.remoteAddress ?? getClientAddress();
}

interface NodeRequest {
  readonly rawHeaders: readonly string[];
  readonly socket: { readonly remoteAddress?: string };
}

function nodeRequest(platform: unknown): NodeRequest | null {
  if (typeof platform !== 'object' || platform === null || !('req' in platform)) return null;
  const { req } = platform;
  if (typeof req !== 'object' || req === null || !('rawHeaders' in req) || !Array.isArray(req.rawHeaders)) return null;
  const socket = 'socket' in req && typeof req.socket === 'object' && req.socket !== null ? req.socket : {};
  return { rawHeaders: req.rawHeaders, socket };
}
