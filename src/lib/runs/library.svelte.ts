import { commonestLoss } from '#core/run/loss-comparison.ts';
import { highestRuns } from '#core/run/run-ranking.ts';
import type { RunState } from '#core/run/state.ts';
import type { RunSummary } from '#core/run/summary.ts';
import type { IndexStatus } from '#core/api/machine.ts';
import { readIndexStatus } from '#lib/api/health.ts';
import { listNotebooks } from '#lib/api/notebooks.ts';
import type { Fetch } from '#lib/api/request.ts';
import { binRun, listRuns, restoreRun } from '#lib/api/runs.ts';
import type { NotebookList } from '#lib/api/entry.ts';
import type { LiveSource } from '#lib/live/live-source.ts';
import { pageSource } from '#lib/live/page-source.ts';
import { Refreshing } from './refreshing.ts';
import { isDownFirst, isRanking, orderRuns, rankRuns, type RunGroup, type RunOrder, rowLetters } from './run-order.ts';
import type { SortKey } from './run-order.ts';

const failuresUntilAsking = 3;

export const runFilters = ['all', 'live', 'completed', 'failed', 'other'] as const;
type RunFilter = (typeof runFilters)[number];

interface LibraryContent {
  readonly notebooks: NotebookList;
  readonly runs: readonly RunSummary[];
  /** Why the runs could not be listed, in words; null where they could. */
  readonly trouble: string | null;
  /** How far the index of the runs is; null where that is not known. */
  readonly index: IndexStatus | null;
}

/** Reads both lists; a sidecar that does not answer leaves the notebooks readable. */
export async function readLibrary(fetcher: Fetch): Promise<LibraryContent> {
  const [notebooks, runs, index] = await Promise.allSettled([
    listNotebooks(fetcher),
    listRuns(fetcher),
    readIndexStatus(fetcher),
  ]);
  return {
    notebooks: notebooks.status === 'fulfilled' ? notebooks.value : { notebooks: [], unusable: [] },
    runs: runs.status === 'fulfilled' ? runs.value : [],
    index: index.status === 'fulfilled' ? index.value : null,
    trouble:
      runs.status === 'rejected'
        ? String(runs.reason instanceof Error ? runs.reason.message : runs.reason)
        : notebooks.status === 'rejected'
          ? 'The notebooks could not be read'
          : null,
  };
}

const emptyContent: LibraryContent = {
  notebooks: { notebooks: [], unusable: [] },
  runs: [],
  trouble: null,
  index: null,
};

/** Runs of the workspace, searched and filtered, kept fresh. */
export class Library {
  readonly #fetch: Fetch;
  #content = $state.raw<LibraryContent>(emptyContent);
  query = $state('');
  filter = $state<RunFilter>('all');
  /** Slug of the notebook whose runs are shown; empty: those of all. */
  notebook = $state('');
  #order = $state.raw<RunOrder>({ key: 'number', down: true });

  constructor(content: LibraryContent, fetcher: Fetch = (input, init) => fetch(input, init)) {
    this.#content = content;
    this.#fetch = fetcher;
  }

  get trouble(): string | null {
    return this.#content.trouble;
  }
  /** What the index of the runs lacks, in words; null where it lacks nothing. */
  get indexWords(): string | null {
    const { index } = this.#content;
    if (index === null) return null;
    const { done, total, failed } = index;
    const moving = this.#isIndexing ? [`The runs are being indexed: ${done} of ${total}.`] : [];
    const left = failed.map(({ id, reason }) => `${id} in the runs folder could not be indexed: ${reason}.`);
    return moving.length + left.length === 0 ? null : [...moving, ...left].join(' ');
  }
  get #isIndexing(): boolean {
    const { index } = this.#content;
    return index !== null && index.state !== 'ready';
  }
  get hasRuns(): boolean {
    return this.#content.runs.length > 0;
  }
  get order(): RunOrder {
    return this.#order;
  }
  /** Orders by a column: what is good or new first, then the other way round. */
  sortBy(key: SortKey): void {
    const { key: current, down } = this.#order;
    this.#order = { key, down: current === key ? !down : isDownFirst(key) };
  }

  readonly #runs = $derived.by(() => this.#content.runs);
  /** Slugs that have runs, for the choice of one. */
  readonly runNotebooks = $derived.by(() =>
    this.#runs
      .flatMap(({ notebook }) => notebook ?? [])
      .filter((slug, at, all) => all.indexOf(slug) === at)
      .sort(),
  );
  titleOf(slug: string): string {
    return this.#content.notebooks.notebooks.find((entry) => entry.slug === slug)?.title ?? slug;
  }

  readonly #found = $derived.by(() =>
    this.#runs.filter(
      (run) =>
        inFilter(run.status, this.filter) &&
        (this.notebook === '' || run.notebook === this.notebook) &&
        matches(this.query, [
          `R${run.number}`,
          run.name,
          run.notebook ?? '',
          run.status,
          ...run.tags,
          ...Object.keys(run.changed),
        ]),
    ),
  );
  /** The runs found, in their order. */
  readonly runs = $derived.by(() => orderRuns(this.#found, this.#order, Date.now()));
  /** The runs found, a group for each set of rows where they are ranked by a score; null where they are not. */
  readonly ranked = $derived.by((): readonly RunGroup[] | null =>
    isRanking(this.#order) ? rankRuns(this.#found, this.#order, Date.now()) : null,
  );
  /** The loss whose values stand in the table where it is not parted by losses. */
  readonly usualLoss = $derived.by(() =>
    commonestLoss(orderRuns(this.#found, { key: 'number', down: true }, Date.now())),
  );
  /** Key of rows → its letter: of all runs, so that a search moves none. */
  readonly letters = $derived.by(() => rowLetters(this.#runs));
  /** Ids of the runs with the highest validation accuracy on their rows. */
  readonly highest = $derived.by(() => highestRuns(this.#runs, 'val.da'));
  readonly counts = $derived.by(() =>
    Object.fromEntries(
      runFilters.map((filter) => [filter, this.#runs.filter((run) => inFilter(run.status, filter)).length]),
    ),
  );

  /** Newest run of a notebook, for its row. */
  latestRun(slug: string): RunSummary | undefined {
    return this.#content.runs.find((run) => run.notebook === slug);
  }
  runOf(id: string): RunSummary | undefined {
    return this.#content.runs.find((run) => run.id === id);
  }

  async refresh(): Promise<void> {
    const next = await readLibrary(this.#fetch);
    // A hiccup of the sidecar must not blank the table: keep the runs last seen, say what is wrong.
    this.#content = next.trouble ? { ...next, runs: this.#content.runs } : next;
  }

  /** Refreshes when the list of runs has changed; where nothing tells that, by asking. Returns what stops it. */
  watch(live: LiveSource = pageSource()): () => void {
    const refreshing = new Refreshing(() => this.refresh());
    const following = live.followList({
      opened: () => refreshing.beTold(),
      broken: (failures) => {
        if (failures >= failuresUntilAsking) refreshing.ask();
      },
      changed: () => refreshing.want(),
    });
    // Of a run that is read nothing is told to those who follow the list: nothing happens to it.
    const reading = setInterval(() => this.#isIndexing && refreshing.want(), 2000);
    return () => {
      clearInterval(reading);
      following.close();
      refreshing.stop();
    };
  }

  /** Puts a run in the bin; the returned function brings it back, as the page of the bin does later. */
  async removeRun(id: string): Promise<() => Promise<void>> {
    await binRun(this.#fetch, id);
    await this.refresh();
    return async () => {
      await restoreRun(this.#fetch, id);
      await this.refresh();
    };
  }
}

function matches(query: string, texts: readonly string[]): boolean {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = texts.join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

function inFilter(state: RunState, filter: RunFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'live':
      return state === 'queued' || state === 'starting' || state === 'running' || state === 'paused';
    case 'completed':
    case 'failed':
      return state === filter;
    case 'other':
      return state === 'cancelled' || state === 'interrupted';
  }
}
