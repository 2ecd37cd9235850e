import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import { Channel } from './channel.ts';
import { Follower } from './follower.ts';

/**
 * Wakes those who follow a run when events were stored, and keeps the newest events of followed runs in memory once
 * for all of them. It holds no queue a follower: each reads on from its own seq, from memory or from the index, so a
 * slow one costs nothing and misses nothing.
 */
export class Hub {
  readonly #channels = new Map<string, Channel>();
  readonly #maxBytes: number;
  #followers = 0;

  /** @param maxBytes of events kept in memory a followed run. */
  constructor(maxBytes: number = 512 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** Followers now, of all runs. */
  get followers(): number {
    return this.#followers;
  }

  publish(runId: string, events: readonly StoredEvent[]): void {
    this.#channels.get(runId)?.publish(events);
  }

  /** The log of a run is read from its beginning again: who follows it begins there too. */
  restart(runId: string): void {
    this.#channels.get(runId)?.restart();
  }

  /** Keeps nothing in memory any more: who follows reads on from the index. */
  forget(): void {
    for (const channel of this.#channels.values()) channel.forget();
  }

  follow(runId: string): Follower {
    const channel = this.#channels.get(runId) ?? new Channel(this.#maxBytes);
    this.#channels.set(runId, channel);
    this.#followers++;
    return new Follower(channel, () => {
      this.#followers--;
      if (channel.isDeserted) this.#channels.delete(runId);
    });
  }
}
