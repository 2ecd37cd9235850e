import type { DeliveredEvent } from '#core/run/event.ts';
import type { RunResult, RunView } from '#core/run/reduce.ts';
import type { MetricColumn } from '#core/run/series.ts';
import { isFinal, isSettled } from '#core/run/state.ts';
import { ApiError } from '#lib/api/request.ts';
import { type ArrivedEvent, listEvents, readLogTail } from '#lib/api/runs.ts';
import type { Subscription } from '#lib/live/live-source.ts';
import { browserEffects, type FeedEffects } from './feed-effects.ts';
import { Publication } from './publication.ts';
import { RunFold } from './run-fold.svelte.ts';
import type { RunLog } from './run-log.svelte.ts';
import { linesAtOnce, readCourse, readRecords } from './run-opening.ts';
import type { SystemSeries } from './system-series.ts';

/**
 * How events reach this page: live = streamed; polling = the log is read every two seconds; offline = Almanac does not
 * answer at all and is asked every two seconds; ended = nothing follows by itself; gone = there is no such run any more.
 */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'polling' | 'offline' | 'ended' | 'gone';

const pollEvery = 2000;
const retryStreamEvery = 30_000;
const eventsAtOnce = 1000;
const silentAfter = 10_000;
const failuresUntilPolling = 3;

/**
 * A run as its events tell it, live. It opens with as much as a screen can show, and follows from there. Events are
 * published to the page a few times a second, a change of state and a result at once. While there is no stream, or one that
 * is open but silent while the log grows, events are asked for a page at a time instead. Call `open` in the browser and
 * `close` when the page goes; nothing else must be disposed.
 */
export class RunFeed {
  readonly id: string;
  readonly #effects: FeedEffects;
  #fold = $state.raw(new RunFold());
  readonly #publication: Publication;
  #reach = $state<Exclude<Connection, 'ended'>>('connecting');
  #caughtUp = $state(false);
  #missing = $state(0);

  #pending: DeliveredEvent[] = [];
  #received = 0;
  #state: RunView['status'] = 'queued';
  #subscription: Subscription | null = null;
  /** Grows with every change of where events come from: what an older one still does is over. */
  #turn = 0;
  /** The polling under way. */
  #polling: object | null = null;
  #timers: (() => void)[] = [];
  #open = false;

  constructor(id: string, effects: FeedEffects = browserEffects) {
    this.id = id;
    this.#effects = effects;
    this.#publication = new Publication(effects, () => this.#flush());
  }

  /** What the events say so far. */
  get view(): RunView {
    return this.#fold.view;
  }
  /** Of an ended run nothing is awaited, whether or not it could come. */
  get connection(): Connection {
    return isSettled(this.#fold.view.status) && this.#reach !== 'gone' ? 'ended' : this.#reach;
  }
  /** Whether anything has been read yet; before that the page shows what the server's summary said. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }
  /** Events since this page opened that the server does not have: their lines could not be read. */
  get missing(): number {
    return this.#missing;
  }
  /** Lines of the log, oldest first. */
  get log(): RunLog {
    return this.#fold.log;
  }
  /** They grow in place; who reads them hears of new ones. */
  get system(): SystemSeries {
    return this.#fold.system;
  }
  metric(name: string): MetricColumn {
    return this.#fold.metric(name);
  }
  /** Metrics that have come, in the order in which they came. */
  get metricNames(): readonly string[] {
    return this.#fold.metricNames;
  }

  open(): void {
    if (this.#open) return;
    this.#open = true;
    void this.#begin();
  }

  /** Shows the test result, which the events before have withheld. */
  openTest(result: RunResult): void {
    this.#flush();
    this.#fold.openTest(result);
  }

  /** Reads lines of the log before those there are. */
  async readEarlier(): Promise<void> {
    const first = this.#fold.log.lines[0]?.seq;
    if (first === undefined || !this.#fold.log.hasEarlier) return;
    this.#fold.addEarlier((await readLogTail(this.#effects.fetch, this.id, linesAtOnce, first)).lines);
  }

  close(): void {
    this.#open = false;
    this.#leave();
    this.#flush();
  }

  async #begin(): Promise<void> {
    const turn = this.#turn;
    try {
      const course = await readCourse(this.#effects.fetch, this.id);
      if (turn !== this.#turn) return;
      const fold = new RunFold();
      const seq = fold.open(course);
      this.#fold = fold;
      this.#state = course.view.status;
      this.#caughtUp = true;
      // After the curves, which are what a person waits for.
      const records = await readRecords(this.#effects.fetch, this.id);
      if (turn !== this.#turn) return;
      this.#received = Math.min(seq, fold.complete(records));
      this.#follow();
    } catch (error) {
      if (turn !== this.#turn) return;
      if (isGone(error)) return this.#giveUp();
      this.#reach = 'offline';
      this.#later(pollEvery, () => void this.#begin());
    }
  }

  #follow(): void {
    this.#leave();
    if (!this.#open || isFinal(this.#state)) return;
    const turn = this.#turn;
    const ifCurrent =
      <Args extends readonly unknown[]>(work: (...args: Args) => void) =>
      (...args: Args) => {
        if (turn === this.#turn) work(...args);
      };
    this.#subscription = this.#effects.live().followRun(this.id, this.#received, {
      opened: ifCurrent(() => {
        this.#polling = null;
        this.#reach = 'live';
      }),
      broken: ifCurrent((failures: number) => {
        if (failures >= failuresUntilPolling) this.#startPolling();
        else this.#reach = 'reconnecting';
      }),
      events: ifCurrent((events: readonly ArrivedEvent[]) => {
        // Asked for again from the last that came, rather than going on with a hole.
        if (!this.#takeAll(events)) this.#follow();
      }),
      gone: ifCurrent(() => this.#giveUp()),
      restarted: ifCurrent(() => this.#startOver()),
    });
    this.#watch(this.#received);
  }

  /** False where one before them has not come. */
  #takeAll(events: readonly ArrivedEvent[]): boolean {
    for (const { after, seq, event } of events) {
      if (seq <= this.#received) continue;
      if (after > this.#received) return false;
      this.#missing += seq - this.#received - 1;
      this.#received = seq;
      if (event === null) continue;
      if (event.type === 'status') this.#state = event.state;
      this.#pending.push(event);
      this.#publication.ask(event.type === 'status' || event.type === 'result');
    }
    if (isFinal(this.#state)) this.#leave();
    return true;
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const events = this.#pending;
    this.#pending = [];
    this.#fold.add(events);
  }

  /** Looks after a while whether the log holds more than what was `heard`. */
  #watch(heard: number): void {
    const turn = this.#turn;
    this.#later(silentAfter, () => {
      if (this.#polling !== null || this.#received > heard || isSettled(this.#state))
        return this.#watch(this.#received);
      void this.#poll().then((found) => {
        if (turn !== this.#turn) return;
        if (found) {
          this.#startPolling();
          this.#later(retryStreamEvery, () => this.#subscription?.retry());
        }
        this.#watch(this.#received);
      });
    });
  }

  #startPolling(): void {
    if (this.#polling !== null) return;
    const polling = (this.#polling = {});
    const again = () => {
      if (this.#polling === polling) void this.#poll().then(() => this.#later(pollEvery, again));
    };
    again();
  }

  /** True where the log held events that had not come otherwise. */
  async #poll(): Promise<boolean> {
    const turn = this.#turn;
    const before = this.#received;
    try {
      for (;;) {
        const at = this.#received;
        const events = await listEvents(this.#effects.fetch, this.id, { since: at, limit: eventsAtOnce });
        if (turn !== this.#turn) return false;
        this.#takeAll(events);
        if (events.length < eventsAtOnce || this.#received === at) break;
      }
      if (this.#polling !== null) {
        // It was the server and not the stream that failed: now that it answers, the stream will too.
        if (this.#reach === 'offline') this.#subscription?.retry();
        this.#reach = 'polling';
      }
    } catch (error) {
      if (turn !== this.#turn) return false;
      if (isGone(error)) this.#giveUp();
      else if (this.#polling !== null) this.#reach = 'offline';
    }
    return this.#received > before;
  }

  /** Its log is another one now: the page opens again as it did at first. */
  #startOver(): void {
    this.#leave();
    this.#pending = [];
    void this.#begin();
  }

  #giveUp(): void {
    this.#leave();
    this.#reach = 'gone';
  }

  #later(ms: number, work: () => void): void {
    const cancel = this.#effects.wait(ms, () => {
      this.#timers = this.#timers.filter((other) => other !== cancel);
      if (this.#open) work();
    });
    this.#timers.push(cancel);
  }

  #leave(): void {
    this.#turn++;
    this.#polling = null;
    this.#subscription?.close();
    this.#subscription = null;
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }
}

function isGone(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
