import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';

/** What the followers of one run share: whom to wake, and the newest events, kept once for all of them. */
export class Channel {
  readonly #maxBytes: number;
  readonly #waiting = new Set<() => void>();
  #events: StoredEvent[] = [];
  #bytes = 0;
  /** Everything above this seq that was published is in memory; null before the first event. */
  #floor: number | null = null;
  #restarts = 0;

  /** @param maxBytes of events kept. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isDeserted(): boolean {
    return this.#waiting.size === 0;
  }

  /** How often the log was read from its beginning again. */
  get restarts(): number {
    return this.#restarts;
  }

  join(wake: () => void): void {
    this.#waiting.add(wake);
  }

  leave(wake: () => void): void {
    this.#waiting.delete(wake);
  }

  publish(events: readonly StoredEvent[]): void {
    if (events.length === 0) return;
    // Before its first event the channel cannot know what it missed, so memory begins behind the first one seen.
    this.#floor ??= events[0].seq - 1;
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += event.body.length;
    }
    this.#dropOldest();
    for (const wake of this.#waiting) wake();
  }

  /** Drops what is in memory; followers look into the index. */
  forget(): void {
    this.#events = [];
    this.#bytes = 0;
    this.#floor = null;
    for (const wake of this.#waiting) wake();
  }

  restart(): void {
    this.#restarts++;
    this.forget();
  }

  /** The events above `after` if all of them are in memory, else null. */
  recent(after: number): readonly StoredEvent[] | null {
    if (this.#floor === null || after < this.#floor) return null;
    let from = this.#events.length;
    while (from > 0 && this.#events[from - 1].seq > after) from--;
    return this.#events.slice(from);
  }

  #dropOldest(): void {
    let drop = 0;
    while (this.#bytes > this.#maxBytes && drop < this.#events.length) {
      this.#bytes -= this.#events[drop].body.length;
      this.#floor = this.#events[drop].seq;
      drop++;
    }
    if (drop > 0) this.#events = this.#events.slice(drop);
  }
}
