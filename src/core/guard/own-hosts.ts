import { loopbackHosts } from './request.ts';

const everywhere = new Set(['0.0.0.0', '::', '[::]']);

/**
 * Names under which a server that listens on `host` may be called: those of loopback, and beyond it the address itself,
 * or all names of the machine where it listens on every one.
 * @param machineNames asked only then: the machine's name and the addresses of its interfaces.
 */
export function ownHosts(host: string, machineNames: () => readonly string[]): readonly string[] {
  if (loopbackHosts.includes(host)) return loopbackHosts;
  const names = everywhere.has(host) ? machineNames() : [host.replace(/^\[|\]$/g, '')];
  return [...loopbackHosts, ...names.map((name) => name.toLowerCase())];
}
