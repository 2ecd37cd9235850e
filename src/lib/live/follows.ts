import type { ListListener, LiveSource, RunListener, Subscription } from './live-source.ts';

interface Follow {
  begin(source: LiveSource): Subscription;
  /** At the source there is now. */
  current: Subscription | null;
}

/**
 * What a page follows, kept apart from where it comes from: the source can be taken away, as from a hidden page, and another
 * one given, and every follower goes on from its last event.
 */
export class Follows implements LiveSource {
  readonly #follows = new Set<Follow>();
  #source: LiveSource | null = null;

  followRun(id: string, since: number, listener: RunListener): Subscription {
    let seq = since;
    return this.#add((source) => {
      // What a source sends that was left meanwhile comes too late: the next one begins where that one stood.
      const isCurrent = () => this.#source === source;
      return source.followRun(id, seq, {
        opened: () => isCurrent() && listener.opened(),
        broken: (failures) => isCurrent() && listener.broken(failures),
        gone: () => isCurrent() && listener.gone(),
        restarted: () => {
          if (!isCurrent()) return;
          seq = 0;
          listener.restarted();
        },
        events: (events) => {
          if (!isCurrent() || events.length === 0) return;
          seq = events[events.length - 1].seq;
          listener.events(events);
        },
      });
    });
  }

  followList(listener: ListListener): Subscription {
    return this.#add((source) => {
      const isCurrent = () => this.#source === source;
      return source.followList({
        opened: () => isCurrent() && listener.opened(),
        broken: (failures) => isCurrent() && listener.broken(failures),
        changed: (ids) => isCurrent() && listener.changed(ids),
      });
    });
  }

  /** Goes on at a source, or, with null, nowhere. */
  attach(source: LiveSource | null): void {
    if (source === this.#source) return;
    this.#source = source;
    for (const follow of this.#follows) {
      follow.current?.close();
      follow.current = source && follow.begin(source);
    }
  }

  #add(begin: Follow['begin']): Subscription {
    const follow: Follow = { begin, current: null };
    this.#follows.add(follow);
    follow.current = this.#source && begin(this.#source);
    return {
      close: () => {
        this.#follows.delete(follow);
        follow.current?.close();
        follow.current = null;
      },
      retry: () => follow.current?.retry(),
    };
  }
}
