import { SvelteMap } from 'svelte/reactivity';
import type { DeliveredEvent, RunEventType } from '#core/run/event.ts';
import { type RunResult, type RunView, emptyRunView, reduceRun, withTest } from '#core/run/reduce.ts';
import { appendMetric, emptySeries, type MetricColumn, metricColumn, metricNames } from '#core/run/series.ts';
import { isSettled } from '#core/run/state.ts';
import { listEvents, streamUrl } from '#lib/api/runs.ts';
import { parseEvent } from './parse-event.ts';
import { type FeedEffects, browserEffects, type Stream } from './feed-effects.ts';
import { Publication } from './publication.ts';
import { RunLog } from './run-log.ts';
import { SystemSeries } from './system-series.ts';

/**
 * How events reach this page: live = streamed; polling = the log is read every two seconds; offline = Almanac does not
 * answer at all and is asked every two seconds; ended = nothing follows.
 */
export type Connection = 'connecting' | 'live' | 'reconnecting' | 'polling' | 'offline' | 'ended';

const eventTypes: readonly RunEventType[] = ['status', 'progress', 'metric', 'log', 'checkpoint', 'system', 'result'];
const pollEvery = 2000;
const retryStreamEvery = 30_000;
const eventsAtOnce = 1000;
const silentAfter = 10_000;
const failuresUntilPolling = 3;

/**
 * A run as its events tell it, live. Events are folded by the same reducer as on the server and published to the
 * page a few times a second, a change of state and a result at once; who reads a metric, the log or the readings hears
 * of those alone. After a break the stream goes on from the last seq folded; when it does not come back, or is open but
 * silent while the log grows, its events are asked for a page at a time instead. Call `open` in the browser and `close`
 * when the page goes; nothing else must be disposed.
 */
export class RunFeed {
  readonly id: string;
  readonly #effects: FeedEffects;
  readonly #series = emptySeries();
  readonly #log = new RunLog();
  readonly #system = new SystemSeries();
  #view = $state.raw<RunView>(emptyRunView());
  /** Those of the series. */
  readonly #columns = new SvelteMap<string, MetricColumn>();
  #names = $state.raw<readonly string[]>([]);
  #logVersion = $state(0);
  #systemVersion = $state(0);
  #connection = $state<Connection>('connecting');
  #caughtUp = $state(false);

  #pending: DeliveredEvent[] = [];
  #received = 0;
  readonly #publication: Publication;
  #stream: Stream | null = null;
  #failures = 0;
  #timers: (() => void)[] = [];
  #open = false;

  constructor(id: string, effects: FeedEffects = browserEffects) {
    this.id = id;
    this.#effects = effects;
    this.#publication = new Publication(effects, () => this.#flush());
  }

  /** What the events say so far. */
  get view(): RunView {
    return this.#view;
  }
  get connection(): Connection {
    return this.#connection;
  }
  /** Whether anything has been folded yet; before that the page shows what the server's summary said. */
  get caughtUp(): boolean {
    return this.#caughtUp;
  }
  /** Lines of the log, oldest first. It and the readings grow in place; reading one of them reads its version. */
  get log(): RunLog {
    void this.#logVersion;
    return this.#log;
  }
  /** Grows with every publication of new lines. */
  get logVersion(): number {
    return this.#logVersion;
  }
  get system(): SystemSeries {
    void this.#systemVersion;
    return this.#system;
  }

  metric(name: string): MetricColumn {
    return this.#columns.get(name) ?? metricColumn(this.#series, name);
  }
  /** Metrics that have come, in the order in which they came. */
  get metricNames(): readonly string[] {
    return this.#names;
  }

  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#connect();
  }

  /** Shows the test result, which the events before have withheld. */
  openTest(result: RunResult): void {
    this.#flush();
    this.#view = withTest(this.#view, result);
  }

  close(): void {
    this.#open = false;
    this.#drop();
    this.#flush();
  }

  /** Folds an event wherever it came from. False where one before it is missing. */
  #take(event: DeliveredEvent): boolean {
    if (event.seq <= this.#received) return true;
    if (event.seq !== this.#received + 1) return false;
    this.#received = event.seq;
    this.#pending.push(event);
    this.#publication.ask(event.type === 'status' || event.type === 'result');
    return true;
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const events = this.#pending;
    this.#pending = [];
    let view = this.#view;
    for (const event of events) {
      view = reduceRun(view, event);
      if (event.type === 'metric') appendMetric(this.#series, event);
      else if (event.type === 'log') this.#log.add(event);
      else if (event.type === 'system') this.#system.add(event);
    }
    this.#view = view;
    this.#caughtUp = true;
    const names = metricNames(this.#series);
    for (const name of names) this.#columns.set(name, metricColumn(this.#series, name));
    if (names.length > this.#names.length) this.#names = names;
    if (events.some(({ type }) => type === 'log')) this.#logVersion++;
    if (events.some(({ type }) => type === 'system')) this.#systemVersion++;
    if (isSettled(view.status)) {
      this.#drop();
      this.#connection = 'ended';
    }
  }

  #connect(): void {
    if (!this.#open) return;
    this.#drop();
    if (this.#connection !== 'polling' && this.#connection !== 'offline')
      this.#connection = this.#failures === 0 ? 'connecting' : 'reconnecting';
    const stream = this.#effects.openStream(streamUrl(this.id, this.#received));
    this.#stream = stream;
    let heard = this.#received;
    stream.onopen(() => {
      this.#failures = 0;
      this.#connection = 'live';
    });
    stream.onerror(() => this.#lost());
    for (const type of eventTypes) {
      stream.onevent(type, (data) => {
        const event = parseEvent(data);
        if (!event) return;
        if (!this.#take(event)) this.#lost();
      });
    }
    const watch = () => {
      if (this.#received > heard || isSettled(this.#view.status)) {
        heard = this.#received;
        this.#later(silentAfter, watch);
        return;
      }
      void this.#poll().then((found) => {
        if (stream !== this.#stream) return;
        if (found) this.#startPolling();
        else this.#later(silentAfter, watch);
      });
    };
    this.#later(silentAfter, watch);
  }

  #lost(): void {
    // What came last may say that the run has ended: then the stream was not lost, it is over.
    this.#flush();
    this.#drop();
    if (!this.#open || isSettled(this.#view.status)) return;
    this.#failures++;
    if (this.#failures >= failuresUntilPolling) return this.#startPolling();
    this.#connection = 'reconnecting';
    this.#later(400 * 2 ** this.#failures, () => this.#connect());
  }

  #startPolling(): void {
    this.#drop();
    this.#later(retryStreamEvery, () => this.#connect());
    const again = async () => {
      await this.#poll();
      if (this.#open && this.#stream === null && !isSettled(this.#view.status)) this.#later(pollEvery, again);
    };
    void again();
  }

  /** True where the log held events that had not come otherwise. */
  async #poll(): Promise<boolean> {
    try {
      const before = this.#received;
      for (;;) {
        const at = this.#received;
        const events = await listEvents(this.#effects.fetch, this.id, { since: at, limit: eventsAtOnce });
        for (const event of events) this.#take(event);
        if (events.length < eventsAtOnce || this.#received === at) break;
      }
      if (this.#stream === null && this.#connection !== 'ended') {
        const isBack = this.#connection === 'offline';
        this.#connection = 'polling';
        // It was the server and not the stream that failed: now that it answers, the stream will too.
        if (isBack) {
          this.#failures = 0;
          this.#connect();
        }
      }
      return this.#received > before;
    } catch {
      if (this.#stream === null) this.#connection = 'offline';
      return false;
    }
  }

  #later(ms: number, work: () => void): void {
    const cancel = this.#effects.wait(ms, () => {
      this.#timers = this.#timers.filter((other) => other !== cancel);
      if (this.#open) work();
    });
    this.#timers.push(cancel);
  }

  #drop(): void {
    this.#stream?.close();
    this.#stream = null;
    for (const cancel of this.#timers) cancel();
    this.#timers = [];
  }
}
