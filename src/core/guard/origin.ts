import { parseAuthority } from './authority.ts';

/** Scheme, host and port, as a browser tells where a page comes from. */
export interface Origin {
  readonly scheme: 'http' | 'https';
  /** Lower case; IPv6 without its brackets. */
  readonly host: string;
  readonly port: number;
}

export const defaultPorts = { http: 80, https: 443 } as const;

/** `https://almanac.example` → its parts; undefined for anything else: `null`, lists, paths, other schemes. */
export function parseOrigin(text: string): Origin | undefined {
  const match = /^(https?):\/\/(.+)$/.exec(text);
  const authority = match === null ? undefined : parseAuthority(match[2]);
  if (match === null || authority === undefined) return undefined;
  const scheme = match[1] === 'https' ? 'https' : 'http';
  return { scheme, host: authority.host, port: authority.port ?? defaultPorts[scheme] };
}

export function isSameOrigin(a: Origin, b: Origin): boolean {
  return a.scheme === b.scheme && a.host === b.host && a.port === b.port;
}
