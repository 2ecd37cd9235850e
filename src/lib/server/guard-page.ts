import { randomUUID } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import type { RequestEvent } from '@sveltejs/kit';
import { ownHosts } from '#core/guard/own-hosts.ts';
import { guardedRequest } from '#core/guard/raw-request.ts';
import { type GuardedRequest, type GuardRules, loopbackHosts } from '#core/guard/request.ts';
import { accessToken, trainerPort, webHost, webPort } from './settings.ts';

/** Where a token is demanded and none was handed over, nobody gets in. */
const closed = randomUUID();

/** What is ours and what bodies may be: JSON, Markdown for a notebook's file, bytes for a data file. */
export function rulesFor(path: string): GuardRules {
  const host = webHost();
  const token = loopbackHosts.includes(host) ? undefined : (accessToken() ?? closed);
  return {
    ports: [webPort(), trainerPort()],
    hosts: ownHosts(host, machineNames),
    token,
    bodyTypes: bodyTypes(path),
  };
}

function bodyTypes(path: string): readonly string[] {
  // An octet stream is none of the types that a foreign page could send without asking.
  if (path === '/files/data') return ['application/octet-stream'];
  return path.startsWith('/files/') ? ['application/json', 'text/markdown'] : ['application/json'];
}

/** The request as the client sent it: Node's own where the platform has it, which shows a second Host. */
export function requestToJudge({ request, url, platform }: RequestEvent): GuardedRequest {
  const target = url.pathname + url.search;
  const raw = rawHeaders(platform) ?? [...request.headers].flat();
  return guardedRequest({ method: request.method, url: target, rawHeaders: raw });
}

function rawHeaders(platform: unknown): readonly string[] | null {
  if (typeof platform !== 'object' || platform === null || !('req' in platform)) return null;
  const { req } = platform;
  if (typeof req !== 'object' || req === null || !('rawHeaders' in req)) return null;
  return Array.isArray(req.rawHeaders) ? req.rawHeaders : null;
}

function machineNames(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
  return [hostname(), ...addresses];
}
