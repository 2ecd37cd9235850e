import { untrack } from 'svelte';
import { fromEventNumber } from '#core/run/event.ts';
import type { RunView } from '#core/run/reduce.ts';
import { isSameLoss, lossMetric } from '#core/run/loss-comparison.ts';
import { isSettled, type RunState } from '#core/run/state.ts';
import type { RunDetail, RunSummary } from '#core/run/summary.ts';
import type { Fetch } from '#lib/api/request.ts';
import { actOnRun, getRun, openTest, readCurves, type RunAction } from '#lib/api/runs.ts';
import { readDataReport } from './data-report.ts';
import { type Ghost, ghostMetrics } from './curves.ts';
import type { FeedEffects } from './feed-effects.ts';
import type { NaiveSource } from './naive-levels.ts';
import { RunFeed } from './run-feed.svelte.ts';
import { stopwatch } from '#lib/ui/clock.svelte.ts';
import { awaitSilence } from './silence.ts';

const actionsIn: Readonly<Record<RunState, readonly RunAction[]>> = {
  queued: ['cancel'],
  starting: ['cancel'],
  running: ['pause', 'cancel', 'checkpoint'],
  paused: ['resume', 'cancel', 'checkpoint'],
  interrupted: ['resume'],
  completed: [],
  failed: ['resume'],
  cancelled: ['resume'],
};

/** One run on the page: what the server said when it opened, what its events say since, and what may be done to it. */
export class RunSession {
  readonly feed: RunFeed;
  readonly #fetch: Fetch;
  #detail = $state.raw<RunDetail>() as RunDetail;
  #acting = $state<RunAction | null>(null);
  #error = $state<string | null>(null);
  #ghost = $state.raw<Ghost | null>(null);
  #opening = $state(false);
  #silentSince = $state<string | null>(null);
  #openingError = $state<string | null>(null);

  constructor(detail: RunDetail, fetcher: Fetch = (input, init) => fetch(input, init), feed = new RunFeed(detail.id)) {
    this.#detail = detail;
    this.#fetch = fetcher;
    this.feed = feed;
  }

  get detail(): RunDetail {
    return this.#detail;
  }
  /** What its trainer wrote of the data; null before that. */
  readonly report = $derived.by(() => readDataReport(this.#detail.dataReport));
  /** Action under way, for the button that shows it. */
  get acting(): RunAction | null {
    return this.#acting;
  }
  /** Why the last action was refused. */
  get error(): string | null {
    return this.#error;
  }

  /** The summary stands until the events read are as new as it is, so that an opened page never jumps back. */
  readonly #isFresh = $derived.by(() => this.feed.caughtUp && this.feed.view.lastSeq >= this.#detail.lastSeq);
  // Each is derived, so that who shows one hears of its changes and not of every event.
  readonly status: RunState = $derived.by(() => (this.#isFresh ? this.feed.view.status : this.#detail.status));
  readonly reason: string | null = $derived.by(() => (this.#isFresh ? this.feed.view.reason : this.#detail.reason));
  readonly engine: RunSummary['engine'] = $derived.by(
    () => (this.#isFresh ? this.feed.view.engine : null) ?? this.#detail.engine,
  );
  readonly progress: RunView['progress'] = $derived.by(
    () => (this.#isFresh ? this.feed.view.progress : null) ?? this.#detail.progress,
  );
  /** Optimizer steps of all epochs, and the epochs; null before the trainer has told. */
  readonly steps: number | null = $derived.by(() => this.progress?.steps ?? null);
  readonly epochs: number | null = $derived.by(() => this.progress?.epochs ?? null);
  readonly startedAt: string | null = $derived.by(
    () => (this.#isFresh ? this.feed.view.startedAt : null) ?? this.#detail.startedAt,
  );
  /** Counts from 1; more than 1 after a resume. */
  readonly attempt: number = $derived.by(() => Math.max(this.#detail.attempt, this.feed.view.attempt));
  readonly finishedAt: string | null = $derived.by(() =>
    this.#isFresh ? this.feed.view.finishedAt : this.#detail.finishedAt,
  );
  /** Milliseconds from its start to its end, or to this second while it has none; null before the start. */
  get took(): number | null {
    const { startedAt, finishedAt } = this;
    if (startedAt === null) return null;
    return (finishedAt === null ? stopwatch.now : Date.parse(finishedAt)) - Date.parse(startedAt);
  }
  /** Since when it should be at work and says nothing, as ISO time; null while it speaks. */
  readonly stalledSince: string | null = $derived.by(() => {
    if (this.status !== 'running') return null;
    const { stalledSince, lastSeq } = this.#detail;
    const isOfServer = stalledSince !== null && this.feed.view.lastSeq <= lastSeq;
    return isOfServer ? stalledSince : this.#silentSince;
  });
  /** Share of all steps done, 0 to 1; null before the first. */
  readonly share: number | null = $derived.by(() => {
    const { progress } = this;
    return progress && progress.steps > 0 ? Math.min(1, progress.step / progress.steps) : null;
  });
  /** Where a further attempt would begin, in words. */
  readonly resumesFrom: string = $derived.by(() => {
    const { checkpoints } = this.feed.view;
    if ('last' in checkpoints) return 'from its last checkpoint';
    return 'best' in checkpoints ? 'from its best checkpoint' : 'from the start, for it has no checkpoint yet';
  });
  get label(): string {
    return `R${this.#detail.number}`;
  }

  /** Curves of the parent, once read. */
  get ghost(): Ghost | null {
    return this.#ghost;
  }
  /**
   * Reads the parent's curves, that of the loss only where it is the same loss; without them the run's own stand alone, so
   * a failure is no matter.
   */
  async readGhost(parent: RunSummary): Promise<void> {
    const names = ghostMetrics.filter((name) => name !== lossMetric || isSameLoss(this.#detail, parent));
    const read = await readCurves(this.#fetch, parent.id, { keys: names, points: 400 }).catch(() => null);
    const startedAt = parent.startedAt === null ? null : Date.parse(parent.startedAt);
    if (read) this.#ghost = { label: `R${parent.number}`, startedAt, columns: read.curves };
  }

  /** Whether its test is scored, and may be seen. */
  readonly test: RunSummary['test']['state'] = $derived.by(() => {
    const { view } = this.feed;
    if ('test' in view.results) return 'open';
    return view.isTestSealed ? 'sealed' : this.#detail.test.state;
  });
  /** Whether its test is being opened. */
  get opening(): boolean {
    return this.#opening;
  }
  /** Why the test could not be opened. */
  get openingError(): string | null {
    return this.#openingError;
  }
  /** Opens the test results, for good. True where they are open then. */
  async openTest(): Promise<boolean> {
    if (this.#opening) return false;
    this.#opening = true;
    this.#openingError = null;
    try {
      const { result, ...detail } = await openTest(this.#fetch, this.#detail.id);
      this.#detail = detail;
      this.feed.openTest(result);
      return true;
    } catch (error) {
      this.#openingError = error instanceof Error ? error.message : String(error);
      return false;
    } finally {
      this.#opening = false;
    }
  }

  /** Newest values and those of the best checkpoint. */
  readonly metrics: RunSummary['metrics'] = $derived.by(() =>
    this.#isFresh ? this.feed.view.metrics : this.#detail.metrics,
  );

  readonly #results = $derived.by(() => this.feed.view.results);
  /** What is known of naive forecasts: its results, before that the shares of up in its data. */
  readonly naive: NaiveSource = $derived.by(() => ({
    results: this.#results,
    balance: this.report?.dataset.balance,
    loss: this.#detail.loss,
  }));

  /** Which rows it is scored on; null while, or where, that is not known. */
  readonly evaluation: RunSummary['evaluation'] = $derived.by(
    () => (this.#isFresh ? this.feed.view.evaluation : null) ?? this.#detail.evaluation,
  );
  readonly bestEpoch: number | null = $derived.by(
    () => (this.#isFresh ? this.feed.view.checkpoints['best']?.epoch : null) ?? this.#detail.bestEpoch,
  );
  /** The run as a list holds it, as new as its events. */
  readonly summary: RunSummary = $derived.by(() => {
    const { status, reason, engine, progress, startedAt, finishedAt, metrics, evaluation, bestEpoch } = this;
    const { attempt, stalledSince } = this;
    return {
      ...this.#detail,
      ...{ status, reason, engine, progress, startedAt, finishedAt, metrics, evaluation, bestEpoch },
      ...{ attempt, stalledSince },
      test: { ...this.#detail.test, state: this.test },
    };
  });

  /** Whether its figures are those of the selected checkpoint: the run has ended, and there is one. */
  readonly #isScored = $derived.by(() => isSettled(this.status) && this.bestEpoch !== null);
  /** What the figures of this run are of, in words; null before there are any. */
  readonly figuresOf: string | null = $derived.by(() => {
    if (this.#isScored) return `best epoch ${this.bestEpoch}${this.progress ? ` of ${this.progress.epoch}` : ''}`;
    const validated = this.feed.metric('val.loss').epoch.at(-1);
    if (validated !== undefined) return `newest values, validation of epoch ${validated}`;
    return Object.keys(this.metrics.latest).length > 0 ? 'newest values' : null;
  });
  /** A metric of the selected checkpoint of a run that has ended, else its newest value; null where there is none. */
  figure(name: string): number | null {
    const value = this.#isScored ? this.metrics.best[name] : this.metrics.latest[name];
    return value === undefined ? null : fromEventNumber(value);
  }

  /**
   * Counts it as stalled once no event has come for 30 s while they could come. To be called in an effect, which calls it
   * anew with every event; what it returns ends the waiting.
   */
  awaitEvents(wait?: FeedEffects['wait']): () => void {
    const { view, connection } = this.feed;
    untrack(() => (this.#silentSince = null));
    if (view.status !== 'running' || (connection !== 'live' && connection !== 'polling')) return () => undefined;
    return awaitSilence((since) => (this.#silentSince = since), wait);
  }

  may(action: RunAction): boolean {
    return this.#acting === null && actionsIn[this.status].includes(action);
  }

  async act(action: RunAction): Promise<void> {
    if (!this.may(action)) return;
    this.#acting = action;
    this.#error = null;
    try {
      await actOnRun(this.#fetch, this.#detail.id, action);
      await this.refresh();
    } catch (error) {
      this.#error = error instanceof Error ? error.message : String(error);
    } finally {
      this.#acting = null;
    }
  }

  /** Reads the summary again every two seconds while the log is being indexed. @returns what ends that */
  watchIndexing(): () => void {
    const timer = setInterval(() => {
      if (this.#detail.indexing === null) clearInterval(timer);
      else void this.refresh().catch(() => undefined);
    }, 2000);
    return () => clearInterval(timer);
  }

  /** Takes up what stands in the text of the run beside its own words, as a change of it has answered. */
  takeProse(prose: RunDetail['prose']): void {
    this.#detail = { ...this.#detail, prose };
  }

  /** Reads the summary again: the data report, children and tags are not in the events. */
  async refresh(): Promise<void> {
    this.#detail = await getRun(this.#fetch, this.#detail.id);
  }
}
