import { type ProxyMarked, proxy, type Remote, releaseProxy } from 'comlink';
import { Follows } from './follows.ts';
import type { ListListener, LiveSource, RunListener, Subscription } from './live-source.ts';

/** ms between two questions whether a tab is there, and those that it has to answer. */
const askEvery = 30_000;
const answerWithin = 60_000;

/** What a tab lends: called here, it runs there. */
type Handed<Thing> = Remote<Thing & ProxyMarked>;

/** What a tab is to the worker: it says that it is there. */
interface Presence {
  isThere(): true;
}

/** Waits `ms`; a test gives its own. */
type Wait = (ms: number) => Promise<void>;

/**
 * The worker's side of one tab, called by it. A tab that leaves, or does not answer because it is frozen or has crashed,
 * follows nothing; when it comes back it goes on where it was.
 */
export class LiveTab {
  readonly #source: LiveSource;
  readonly #follows = new Follows();
  readonly #wait: Wait;
  #hasLeft = false;

  constructor(source: LiveSource, wait: Wait = (ms) => new Promise((done) => setTimeout(done, ms))) {
    this.#source = source;
    this.#wait = wait;
  }

  /** The first call of a tab; answers at once. */
  enter(presence: Handed<Presence>): true {
    this.#follows.attach(this.#source);
    void this.#watch(presence);
    return true;
  }

  followRun(id: string, since: number, listener: Handed<RunListener>): Subscription & ProxyMarked {
    return handedOut(
      this.#follows.followRun(id, since, {
        opened: () => void listener.opened(),
        broken: (failures) => void listener.broken(failures),
        events: (events) => void listener.events(events),
        gone: () => void listener.gone(),
        restarted: () => void listener.restarted(),
      }),
      listener,
    );
  }

  followList(listener: Handed<ListListener>): Subscription & ProxyMarked {
    return handedOut(
      this.#follows.followList({
        opened: () => void listener.opened(),
        broken: (failures) => void listener.broken(failures),
        changed: (ids) => void listener.changed(ids),
      }),
      listener,
    );
  }

  /** The tab goes. It may come back, out of the browser's memory of pages. */
  leave(): void {
    this.#hasLeft = true;
    this.#follows.attach(null);
  }

  comeBack(): void {
    this.#hasLeft = false;
    this.#follows.attach(this.#source);
  }

  async #watch(presence: Handed<Presence>): Promise<void> {
    for (;;) {
      await this.#wait(askEvery);
      const answer = presence.isThere();
      const isLate = await Promise.race([answer.then(() => false), this.#wait(answerWithin).then(() => true)]);
      if (isLate) this.#follows.attach(null);
      // One that has crashed never answers, and nothing more is asked of it.
      await answer;
      if (!this.#hasLeft) this.#follows.attach(this.#source);
    }
  }
}

/** A subscription that the tab holds; with it goes what its listener takes. */
function handedOut(
  subscription: Subscription,
  listener: Handed<RunListener> | Handed<ListListener>,
): Subscription & ProxyMarked {
  return proxy({
    close: () => {
      subscription.close();
      listener[releaseProxy]();
    },
    retry: () => subscription.retry(),
  });
}
