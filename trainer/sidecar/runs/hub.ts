import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';
import { Channel } from './channel.ts';
import { Follower } from './follower.ts';

/**
 * Wakes those who follow runs when events were stored, and keeps the newest events of followed runs in memory once
 * for all of them. It holds no queue a follower: each reads on from its own seq, from memory or from the index, so a
 * slow one costs nothing and misses nothing.
 */
export class Hub {
  readonly #channels = new Map<string, Channel>();
  readonly #followers = new Set<Follower>();
  readonly #maxBytes: number;

  /** @param maxBytes of events kept in memory a followed run. */
  constructor(maxBytes: number = 512 * 1024) {
    this.#maxBytes = maxBytes;
  }

  /** Followers now, of whatever runs: one a connection. */
  get followers(): number {
    return this.#followers.size;
  }

  publish(runId: string, events: readonly StoredEvent[]): void {
    this.#channels.get(runId)?.publish(events);
    if (events.some(({ type }) => type === 'status' || type === 'result')) this.noteChange(runId);
    else if (events.some(({ type }) => type === 'progress' || type === 'metric')) {
      for (const follower of this.#followers) follower.noteProgress(runId);
    }
  }

  /** Tells those who follow the list of runs that a run has come, is gone, or is described otherwise. */
  noteChange(runId: string): void {
    for (const follower of this.#followers) follower.noteChange(runId);
  }

  /** The log of a run is read from its beginning again: who follows it begins there too. */
  restart(runId: string): void {
    this.#channels.get(runId)?.restart();
    this.noteChange(runId);
  }

  /** Keeps nothing in memory any more: who follows reads on from the index. */
  forget(): void {
    for (const channel of this.#channels.values()) channel.forget();
  }

  /** @param list whether changes of the list of runs are wanted too */
  follow(runIds: Iterable<string>, { list = false }: { readonly list?: boolean } = {}): Follower {
    const channels = new Map<string, Channel>();
    for (const runId of runIds) {
      const channel = this.#channels.get(runId) ?? new Channel(this.#maxBytes);
      this.#channels.set(runId, channel);
      channels.set(runId, channel);
    }
    const follower: Follower = new Follower({ channels, list }, () => {
      this.#followers.delete(follower);
      for (const [runId, channel] of channels) if (channel.isDeserted) this.#channels.delete(runId);
    });
    this.#followers.add(follower);
    return follower;
  }
}
