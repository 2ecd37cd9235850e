/** Without the brackets that an IPv6 address has in a URL, lower case. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '').toLowerCase();
}

/** Names under which a server on this machine's loopback is called. */
export const loopbackHosts: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

/** Whether only programs of this machine can call this address. */
export function isLoopback(host: string): boolean {
  return loopbackHosts.includes(bare(host)) || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Where a program of this machine calls a server that listens on `host`: every address includes loopback's. */
export function callableHost(host: string): string {
  const name = bare(host);
  if (name === '0.0.0.0') return '127.0.0.1';
  return name === '::' ? '::1' : name;
}

/**
 * Host names that a server listening on `host` accepts: those of loopback; besides them the address itself, or, where
 * it listens on every address, all names of the machine.
 * @param machineNames asked only then: the machine's name and the addresses of its interfaces.
 */
export function hostsOf(host: string, machineNames: () => readonly string[]): readonly string[] {
  const name = bare(host);
  if (loopbackHosts.includes(name)) return loopbackHosts;
  const names = name === '0.0.0.0' || name === '::' ? machineNames() : [name];
  return [...loopbackHosts, ...names.map((one) => one.toLowerCase())];
}
