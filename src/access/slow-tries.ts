import { setTimeout as sleep } from 'node:timers/promises';

/** Wrong tries that an address has for nothing, and the ms in which it gets one of them back. */
const free = 10;
const pause = 2000;

/** Ms that a try waits for its turn at most; later ones are not looked at. */
const longestWait = 8000;

/** Addresses remembered, and tries that wait, at once. */
const mostAddresses = 10_000;
const mostWaiting = 200;

interface Effects {
  /** ms */
  now(): number;
  sleep(ms: number): Promise<unknown>;
}

/**
 * Makes guessing slow. After ten wrong tries an address has one every two seconds, the right token among them too; other
 * addresses are not concerned. Of those that come faster a few wait for their turn, the rest are turned away unseen.
 *
 * Kept for an address is the moment at which all of its wrong tries will be forgotten (the generic cell rate algorithm,
 * ITU-T I.371); the address that was longest without one is forgotten first.
 */
export class SlowTries {
  readonly #effects: Effects;
  readonly #forgotten = new Map<string, number>();
  #waiting = 0;

  constructor(
    effects: Effects = { now: () => performance.now(), sleep: (ms) => sleep(ms, undefined, { ref: false }) },
  ) {
    this.#effects = effects;
  }

  /** What `look` finds, undefined where the try is wrong; `wait` where it was not looked at. */
  async look<Found>(address: string, look: () => Found | undefined): Promise<Found | undefined | 'wait'> {
    const bucket = bucketOf(address);
    const begun = this.#effects.now();
    const wait = this.#until(bucket, begun) - begun - (free - 1) * pause;
    if (wait > 0) {
      if (wait > longestWait || this.#waiting >= mostWaiting) return 'wait';
      // Its turn is taken at once, so that a hundred at a time are not looked at together.
      this.#move(bucket, begun, pause);
      this.#waiting++;
      await this.#effects.sleep(wait).finally(() => this.#waiting--);
      const found = look();
      if (found !== undefined) this.#move(bucket, this.#effects.now(), -pause);
      return found;
    }
    const found = look();
    if (found === undefined) this.#move(bucket, begun, pause);
    return found;
  }

  #until(bucket: string, now: number): number {
    return Math.max(now, this.#forgotten.get(bucket) ?? now);
  }

  #move(bucket: string, now: number, by: number): void {
    const until = this.#until(bucket, now) + by;
    this.#forgotten.delete(bucket);
    if (until > now) this.#forgotten.set(bucket, until);
    if (this.#forgotten.size <= mostAddresses) return;
    const [oldest] = this.#forgotten.keys();
    this.#forgotten.delete(oldest);
  }
}

/** Whoever has one IPv6 address has the other 2⁶⁴ of its network as well. */
function bucketOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head, tail] = address.split('::');
  const groups = head.split(':');
  if (tail === undefined) return groups.slice(0, 4).join(':');
  const rest = tail.split(':');
  return [...groups, ...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest]
    .slice(0, 4)
    .map((group) => group || '0')
    .join(':');
}
