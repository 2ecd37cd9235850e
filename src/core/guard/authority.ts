/** Host and port of a Host header or of the part of a URL before its path. */
interface Authority {
  /** Lower case; IPv6 without its brackets, in its shortest form where it is loopback. */
  readonly host: string;
  /** Null where none is named: that of the scheme. */
  readonly port: number | null;
}

/**
 * `localhost:4317` → host and port, undefined for anything that is not plainly that: user names, spaces, a port out of
 * range, names with a closing dot.
 */
export function parseAuthority(text: string): Authority | undefined {
  const match = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9](?:[a-z0-9._-]{0,252}[a-z0-9])?))(?::(\d{1,5}))?$/i.exec(text);
  if (!match) return undefined;
  const port = match[3] === undefined ? null : Number(match[3]);
  if (port !== null && port > 65_535) return undefined;
  return { host: (match[1] ?? match[2]).toLowerCase(), port };
}

/** How a host and a port stand in a URL. */
export function toAuthority(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Every value of a header in Node's flat list of names and values: `headers.host` would hide a second one. */
export function headerValues(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (rawHeaders[i].toLowerCase() === name) values.push(rawHeaders[i + 1]);
  }
  return values;
}
