import { parseAuthority, toAuthority } from './authority.ts';
import { loopbackHosts } from './listening.ts';
import { defaultPorts, isSameOrigin, type Origin, parseOrigin } from './origin.ts';

/** Under which names a server is ours; page and sidecar have the same ones. */
export interface OwnNames {
  /** How our own ports are spoken to. */
  readonly scheme: 'http' | 'https';
  /** Host names that are ours, lower case, IPv6 without brackets. */
  readonly hosts: readonly string[];
  /** Our ports: the web app's and the sidecar's. */
  readonly ports: readonly number[];
  /** Where a proxy in front of us is reached (ALMANAC_ORIGIN). */
  readonly origins: readonly Origin[];
}

/**
 * A Host is ours where it names one of our hosts with one of our ports; or a declared origin, with its port or, as
 * proxies write it, with none.
 */
export function isOwnHost(text: string, own: OwnNames): boolean {
  const authority = parseAuthority(text);
  if (authority === undefined) return false;
  const { host, port } = authority;
  if (own.hosts.includes(host) && own.ports.includes(port ?? defaultPorts[own.scheme])) return true;
  return own.origins.some((origin) => origin.host === host && (port === null || port === origin.port));
}

/** An Origin is ours where it is one of our hosts and ports in our scheme, or declared; `null` and lists never are. */
export function isOwnOrigin(text: string, { scheme, hosts, ports, origins }: OwnNames): boolean {
  const origin = parseOrigin(text);
  if (origin === undefined) return false;
  if (origin.scheme === scheme && hosts.includes(origin.host) && ports.includes(origin.port)) return true;
  return origins.some((declared) => isSameOrigin(declared, origin));
}

/**
 * Whether the browser that sent this request speaks TLS, to us or to a proxy. Only what is said of it depends on that,
 * never what it may: where neither Origin nor Host tells, a Host of loopback is one that the declared proxy put there.
 */
export function isReachedByTls(
  { hosts, origin }: { readonly hosts: readonly string[]; readonly origin?: string | null },
  own: OwnNames,
): boolean {
  if (own.scheme === 'https') return true;
  const from = parseOrigin(origin ?? '');
  if (from !== undefined) return from.scheme === 'https';
  const host = parseAuthority(hosts[0] ?? '')?.host;
  const secure = own.origins.filter(({ scheme }) => scheme === 'https');
  return secure.some((one) => one.host === host) || (secure.length > 0 && loopbackHosts.includes(host ?? ''));
}

/** Them in words, for a refusal: which other names and addresses the machine has is no stranger's business. */
export function tellOwnNames({ scheme, hosts, ports, origins }: OwnNames): string {
  const local = loopbackHosts.flatMap((host) => ports.map((port) => `${scheme}://${toAuthority(host, port)}`));
  const declared = origins.map(({ scheme: theirs, host, port }) => {
    const authority = toAuthority(host, port);
    return `${theirs}://${port === defaultPorts[theirs] ? authority.replace(/:\d+$/, '') : authority}`;
  });
  const rest = hosts.length > loopbackHosts.length ? ['the address it was told to listen on (HOST)'] : [];
  return [...local, ...declared, ...rest].join(', ');
}
