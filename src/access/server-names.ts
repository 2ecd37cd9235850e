import { hostname, networkInterfaces } from 'node:os';
import { hostsOf } from '#core/guard/listening.ts';
import type { Origin } from '#core/guard/origin.ts';
import type { OwnNames } from '#core/guard/own-names.ts';

interface Serving {
  /** Address that is listened on, or its name. */
  readonly host: string;
  readonly ports: readonly number[];
  readonly tls: boolean;
  readonly origins: readonly Origin[];
}

/** The names of a server that listens so. Asked at each request: addresses come and go with cables and leases. */
export function serverNames({ host, ports, tls, origins }: Serving): OwnNames {
  return { scheme: tls ? 'https' : 'http', hosts: hostsOf(host, machineNames), ports, origins };
}

/** Ms for which the names of the machine are kept. */
const kept = 10_000;

let known: readonly string[] = [];
let readAt = -Infinity;

/** The machine's name and all addresses of its interfaces. */
function machineNames(): readonly string[] {
  const now = performance.now();
  if (now - readAt > kept) {
    readAt = now;
    const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
    known = [hostname(), ...addresses];
  }
  return known;
}
