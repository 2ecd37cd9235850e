import { loopbackHosts } from './request.ts';

const everywhere = new Set(['0.0.0.0', '::', '[::]']);

/**
 * Host names that a server listening on `host` accepts: those of loopback; besides them the address itself, or, where
 * it listens on every address, all names of the machine.
 * @param machineNames asked only then: the machine's name and the addresses of its interfaces.
 */
export function ownHosts(host: string, machineNames: () => readonly string[]): readonly string[] {
  if (loopbackHosts.includes(host)) return loopbackHosts;
  const names = everywhere.has(host) ? machineNames() : [host.replace(/^\[|\]$/g, '')];
  return [...loopbackHosts, ...names.map((name) => name.toLowerCase())];
}
