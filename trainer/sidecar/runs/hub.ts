import type { StoredEvent } from '#trainer/sidecar/db/event-rows.ts';

/**
 * Wakes those who follow a run when events were stored, and keeps the newest events of followed runs in memory once
 * for all of them. It holds no queue a follower: each reads on from its own seq, from memory or from the index, so a
 * slow one costs nothing and misses nothing.
 */
export interface Hub {
  publish(runId: string, events: readonly StoredEvent[]): void;
  follow(runId: string): Follower;
  /** Followers now, of all runs. */
  readonly followers: number;
}

/** One who follows a run; `close` must be called. */
interface Follower {
  /** Resolves when something was published since the last call, after `timeout` ms, or when `signal` aborts. */
  wait(timeout: number, signal: AbortSignal): Promise<void>;
  /** The events above `after` if all of them are in memory, else null: read the index then. */
  recent(after: number): readonly StoredEvent[] | null;
  close(): void;
}

interface Channel {
  readonly waiting: Set<() => void>;
  /** Everything above seq `floor` that was published, while it is short enough. */
  events: StoredEvent[];
  bytes: number;
  floor: number | null;
}

/** @param maxBytes of events kept in memory a followed run. */
export function createHub(maxBytes: number = 512 * 1024): Hub {
  const channels = new Map<string, Channel>();
  let followers = 0;

  return {
    get followers() {
      return followers;
    },
    publish(runId, events) {
      const channel = channels.get(runId);
      if (channel === undefined || events.length === 0) return;
      // Before its first event the channel cannot know what it missed, so memory begins behind the first one seen.
      if (channel.floor === null) channel.floor = events[0].seq - 1;
      for (const event of events) {
        channel.events.push(event);
        channel.bytes += event.body.length;
      }
      let drop = 0;
      while (channel.bytes > maxBytes && drop < channel.events.length) {
        channel.bytes -= channel.events[drop].body.length;
        channel.floor = channel.events[drop].seq;
        drop++;
      }
      if (drop > 0) channel.events = channel.events.slice(drop);
      for (const wake of channel.waiting) wake();
    },
    follow(runId) {
      const channel = channels.get(runId) ?? { waiting: new Set(), events: [], bytes: 0, floor: null };
      channels.set(runId, channel);
      followers++;
      let open = true;
      let news = false;
      let resolve: (() => void) | null = null;
      const wake = () => {
        news = true;
        resolve?.();
      };
      channel.waiting.add(wake);
      return {
        async wait(timeout, signal) {
          if (!news && !signal.aborted) {
            await new Promise<void>((done) => {
              const timer = setTimeout(finish, timeout);
              function finish() {
                clearTimeout(timer);
                signal.removeEventListener('abort', finish);
                resolve = null;
                done();
              }
              signal.addEventListener('abort', finish, { once: true });
              resolve = finish;
            });
          }
          news = false;
        },
        recent(after) {
          if (channel.floor === null || after < channel.floor) return null;
          const { events } = channel;
          let from = events.length;
          while (from > 0 && events[from - 1].seq > after) from--;
          return events.slice(from);
        },
        close() {
          if (!open) return;
          open = false;
          followers--;
          channel.waiting.delete(wake);
          if (channel.waiting.size === 0) channels.delete(runId);
        },
      };
    },
  };
}
