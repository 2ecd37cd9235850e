import { z } from 'zod';
import { listChange, namedRun, sharedEvent } from '#core/api/run-answers.ts';
import { mostFollowed } from '#core/api/run-requests.ts';
import { deliveredEventSchema } from '#core/run/event.ts';
import type { ArrivedEvent } from '#lib/api/runs.ts';
import type { ListListener, LiveSource, RunListener, Subscription } from './live-source.ts';

/** What of EventSource is used. */
interface Connection {
  onopen(listener: () => void): void;
  onerror(listener: () => void): void;
  onframe(kind: 'event' | 'gone' | 'restart' | 'list', listener: (data: string) => void): void;
  close(): void;
}

/** The outside world; a test gives its own. */
interface LiveEffects {
  connect(url: string): Connection;
  /** Calls back after `ms`; returns what cancels it. */
  wait(ms: number, callback: () => void): () => void;
}

/** The real thing. */
const browserEffects: LiveEffects = {
  connect(url) {
    const source = new EventSource(url);
    return {
      onopen: (listener) => (source.onopen = listener),
      onerror: (listener) => (source.onerror = listener),
      onframe: (kind, listener) => source.addEventListener(kind, (event: MessageEvent<string>) => listener(event.data)),
      close: () => source.close(),
    };
  },
  wait(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** ms in which what comes, and who comes and goes, is taken together. */
const together = 20;
const firstRetry = 400;
const longestRetry = 30_000;

/** Of an event of whatever kind; a newer server may say more than this page knows. */
const carried = sharedEvent.extend({ event: z.looseObject({ seq: z.int() }) });

interface Follow {
  readonly run: string;
  readonly listener: RunListener;
  /** seq of the last event given to it. */
  seq: number;
  pending: ArrivedEvent[];
}

/**
 * What happens, for all who follow, over one connection to the server. Whoever comes or goes changes what it carries: it is
 * opened again from the seq of each, so nobody misses an event or gets one twice. After a break it is tried again, at first
 * after 0.8 s and then ever more rarely, every 30 s at last. It holds no connection while nobody follows.
 */
export class LiveStream implements LiveSource {
  readonly #effects: LiveEffects;
  readonly #follows = new Set<Follow>();
  readonly #lists = new Set<ListListener>();
  #connection: Connection | null = null;
  #isOpen = false;
  /** Runs that the connection carries, each with the seq up to which it has come. */
  #carried = new Map<string, number>();
  #carriesList = false;
  #failures = 0;
  #cancelRetry: (() => void) | null = null;
  #adjusting = false;
  #delivering = false;

  constructor(effects: LiveEffects = browserEffects) {
    this.#effects = effects;
  }

  followRun(id: string, since: number, listener: RunListener): Subscription {
    const follow: Follow = { run: id, listener, seq: since, pending: [] };
    this.#follows.add(follow);
    this.#adjustSoon();
    return this.#subscription(() => this.#follows.delete(follow));
  }

  followList(listener: ListListener): Subscription {
    this.#lists.add(listener);
    this.#adjustSoon();
    return this.#subscription(() => this.#lists.delete(listener));
  }

  #subscription(leave: () => boolean): Subscription {
    return {
      close: () => {
        if (leave()) this.#adjustSoon();
      },
      retry: () => this.#retry(),
    };
  }

  #retry(): void {
    if (this.#connection !== null && !this.#isOpen) return;
    this.#open();
  }

  #adjustSoon(): void {
    if (this.#adjusting) return;
    this.#adjusting = true;
    this.#effects.wait(together, () => {
      this.#adjusting = false;
      this.#adjust();
    });
  }

  /** Makes the connection carry what is followed now. */
  #adjust(): void {
    const wanted = this.#wanted();
    // It was tried a moment ago and waits: that it is to carry something else is no reason to hurry.
    if (this.#cancelRetry !== null && (wanted.size > 0 || this.#lists.size > 0)) return this.#tellBroken();
    const fits =
      this.#connection !== null &&
      wanted.size === this.#carried.size &&
      [...wanted].every(([run, seq]) => seq >= (this.#carried.get(run) ?? Infinity)) &&
      this.#lists.size > 0 === this.#carriesList;
    if (!fits) this.#open();
    else if (this.#isOpen) this.#tellOpened();
  }

  /** The runs that are followed, as many as a connection carries, each with the least seq after which somebody goes on. */
  #wanted(): Map<string, number> {
    const wanted = new Map<string, number>();
    for (const { run, seq, listener } of this.#follows) {
      if (!wanted.has(run) && wanted.size === mostFollowed) listener.broken(Infinity);
      else wanted.set(run, Math.min(seq, wanted.get(run) ?? Infinity));
    }
    return wanted;
  }

  #open(): void {
    this.#deliver();
    this.#drop();
    const wanted = this.#wanted();
    this.#carried = wanted;
    this.#carriesList = this.#lists.size > 0;
    if (wanted.size === 0 && !this.#carriesList) return void (this.#failures = 0);
    const connection = this.#effects.connect(streamUrl(wanted, this.#carriesList));
    this.#connection = connection;
    connection.onopen(() => {
      this.#failures = 0;
      this.#isOpen = true;
      this.#tellOpened();
    });
    connection.onerror(() => this.#lost());
    connection.onframe('event', (data) => this.#take(data));
    connection.onframe('gone', (data) => {
      const { run } = namedRun.parse(JSON.parse(data));
      for (const follow of this.#follows) if (follow.run === run) follow.listener.gone();
    });
    connection.onframe('restart', (data) => {
      const { run } = namedRun.parse(JSON.parse(data));
      for (const follow of this.#follows) {
        if (follow.run !== run) continue;
        follow.pending = [];
        follow.seq = 0;
        follow.listener.restarted();
      }
      if (this.#carried.has(run)) this.#carried.set(run, 0);
    });
    connection.onframe('list', (data) => {
      const { changed } = listChange.parse(JSON.parse(data));
      for (const list of this.#lists) list.changed(changed);
    });
  }

  #tellOpened(): void {
    for (const { run, listener } of this.#follows) if (this.#carried.has(run)) listener.opened();
    for (const list of this.#lists) list.opened();
  }

  #lost(): void {
    this.#deliver();
    this.#drop();
    this.#failures++;
    this.#cancelRetry = this.#effects.wait(Math.min(longestRetry, firstRetry * 2 ** this.#failures), () => {
      this.#cancelRetry = null;
      this.#open();
    });
    this.#tellBroken();
  }

  #tellBroken(): void {
    for (const { listener } of this.#follows) listener.broken(this.#failures);
    for (const list of this.#lists) list.broken(this.#failures);
  }

  #take(data: string): void {
    const { run, after, event } = carried.parse(JSON.parse(data));
    const { seq } = event;
    if (!this.#carried.has(run)) return;
    this.#carried.set(run, seq);
    const known = deliveredEventSchema.safeParse(event).data ?? null;
    for (const follow of this.#follows) {
      if (follow.run !== run || seq <= follow.seq) continue;
      follow.pending.push({ after: Math.max(after, follow.seq), seq, event: known });
      follow.seq = seq;
    }
    if (this.#delivering) return;
    this.#delivering = true;
    this.#effects.wait(together, () => this.#deliver());
  }

  #deliver(): void {
    this.#delivering = false;
    for (const follow of this.#follows) {
      if (follow.pending.length === 0) continue;
      const events = follow.pending;
      follow.pending = [];
      follow.listener.events(events);
    }
  }

  #drop(): void {
    this.#connection?.close();
    this.#connection = null;
    this.#isOpen = false;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
  }
}

function streamUrl(runs: ReadonlyMap<string, number>, list: boolean): string {
  const parts = [...runs].map(([run, seq]) => `${run}:${seq}`);
  return `/api/stream?runs=${parts.join(',')}${list ? '&list=true' : ''}`;
}
