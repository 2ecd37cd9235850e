import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { KnownColumn, RunTable as Answer, TableColumn, TableGroup, TableRow } from '#core/api/run-table.ts';
import type { IndexStatus } from '#core/api/machine.ts';
import { type FilterFault, parseFilter } from '#core/query/parse-filter.ts';
import { readIndexStatus } from '#lib/api/health.ts';
import type { Fetch } from '#lib/api/request.ts';
import { listColumns, readTable } from '#lib/api/run-table.ts';
import type { LiveSource } from '#lib/live/live-source.ts';
import { pageSource } from '#lib/live/page-source.ts';
import { filterColumns } from './filter-columns.ts';
import { Refreshing } from './refreshing.ts';
import { countLines, type TablePage, takeAnswer } from './table-pages.ts';
import { type TableView, writeView } from './table-view.ts';

/** Entries that are read at once. */
const pageSize = 100;
const failuresUntilAsking = 3;

/** What an answer says besides its rows. */
type TableHead = Omit<Answer, 'rows' | 'groups' | 'order' | 'version' | 'isDifference' | 'offset'>;

/** The first rows and the columns there are, as a page loads them. */
interface TableContent {
  readonly answer: Answer | null;
  readonly columns: readonly KnownColumn[];
  /** Why there is no answer, in words. */
  readonly trouble: string | null;
  /** How far the index of the runs is; null where that is not known. */
  readonly index: IndexStatus | null;
}

/** The query of a view: what is archived is left out unless it is asked for. */
function queryOf(view: TableView, offset: number, limit: number) {
  const { filter, sort, columns, group, baseline, archived } = view;
  const asked = filter.trim();
  const whole =
    archived || /\barchived\b/i.test(asked) ? asked : asked === '' ? 'not archived' : `(${asked}) and not archived`;
  return {
    filter: whole,
    sort,
    group,
    offset,
    limit,
    ...(columns && { columns }),
    ...(baseline !== null && { baseline }),
  };
}

/** Reads the first rows of a view and all columns. */
export async function loadTable(fetcher: Fetch, view: TableView, limit = pageSize): Promise<TableContent> {
  const [answer, columns, index] = await Promise.allSettled([
    readTable(fetcher, queryOf(view, 0, limit)),
    listColumns(fetcher),
    readIndexStatus(fetcher),
  ]);
  const failed = answer.status === 'rejected' ? answer : columns.status === 'rejected' ? columns : null;
  return {
    answer: answer.status === 'fulfilled' ? answer.value : null,
    columns: columns.status === 'fulfilled' ? columns.value : [],
    trouble: failed === null ? null : wordsOf(failed.reason),
    index: index.status === 'fulfilled' ? index.value : null,
  };
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The runs of the workspace as a table: filtered, sorted and grouped by the sidecar, read a page at a time as they come into
 * sight, brought up to date by differences. Of several views asked for the newest counts; until it is answered the old rows
 * stay.
 */
export class RunTable {
  readonly #fetch: Fetch;
  readonly #limit: number;
  readonly #pages = new SvelteMap<number, TablePage>();
  #view: TableView;
  #head = $state.raw<TableHead | null>(null);
  #known = $state.raw<readonly KnownColumn[]>([]);
  #trouble = $state<string | null>(null);
  #fault = $state.raw<FilterFault | null>(null);
  #isReading = $state(false);
  /** Counts views: an answer to an older one is dropped. */
  #version = 0;
  readonly #asked = new SvelteSet<number>();
  #sight: readonly [number, number] = [0, 0];

  constructor(view: TableView, content: TableContent, options: { fetcher?: Fetch; limit?: number } = {}) {
    this.#view = view;
    this.#fetch = options.fetcher ?? ((input, init) => fetch(input, init));
    this.#limit = options.limit ?? pageSize;
    this.#known = content.columns;
    this.#trouble = content.trouble;
    this.#fault = this.faultOf(view.filter);
    if (content.answer !== null) this.#take(0, content.answer);
  }

  get head(): TableHead | null {
    return this.#head;
  }
  /** Everything that runs can be shown, sorted, filtered and grouped by. */
  get known(): readonly KnownColumn[] {
    return this.#known;
  }
  get columns(): readonly TableColumn[] {
    return this.#head?.columns ?? [];
  }
  get isGrouped(): boolean {
    return (this.#head?.groupedBy.length ?? 0) > 0;
  }
  get trouble(): string | null {
    return this.#trouble;
  }
  /** What is wrong with the filter and where; the rows are then those of the last one that was right. */
  get fault(): FilterFault | null {
    return this.#fault;
  }
  get isReading(): boolean {
    return this.#isReading;
  }
  /** Runs, or groups, that were found. */
  get entries(): number {
    return this.#head?.lines ?? 0;
  }
  readonly lines = $derived.by(() => countLines(this.entries, this.#head?.sections ?? []));
  readonly #filterColumns = $derived.by(() => filterColumns(this.#known));

  /** The run or group at a place; undefined while it is not read. */
  entryAt(index: number): TableRow | TableGroup | undefined {
    const page = this.#pages.get(Math.floor(index / this.#limit));
    const key = page?.order[index % this.#limit];
    return key === undefined ? undefined : (page?.rows.get(key) ?? page?.groups.get(key));
  }
  /** A run that was read; undefined where it was not. */
  rowOf(id: string): TableRow | undefined {
    for (const { rows } of this.#pages.values()) {
      const row = rows.get(id);
      if (row !== undefined) return row;
    }
    return this.#head?.baseline?.id === id ? this.#head.baseline : undefined;
  }

  /** Shows another view. A filter with a fault is told, and changes nothing else. */
  show(view: TableView): void {
    this.#fault = this.faultOf(view.filter);
    if (this.#fault !== null || writeView(view) === writeView(this.#view)) return;
    this.#view = view;
    this.#version++;
    this.#asked.clear();
    void this.#read(0, true);
  }

  /** Of the columns that are known; null while none is, for the sidecar tells it then. */
  faultOf(filter: string): FilterFault | null {
    if (this.#known.length === 0) return null;
    return parseFilter(filter, this.#filterColumns, Date.now()).fault;
  }

  /** Says which entries are in sight, from 0, the last one not; what is missing of them is read. */
  see(from: number, to: number): void {
    this.#sight = [from, to];
    for (const page of this.#pagesInSight()) if (!this.#pages.has(page)) void this.#read(page, false);
  }

  /** Brings what is in sight up to date; the pages out of it are read when they come back. */
  async refresh(): Promise<void> {
    const pages = this.#pagesInSight();
    for (const page of this.#pages.keys()) if (page !== 0 && !pages.includes(page)) this.#pages.delete(page);
    const all = this.#head?.all;
    await Promise.all((pages.includes(0) ? pages : [0, ...pages]).map((page) => this.#read(page, false, true)));
    // Runs that came may have keys that none had.
    if (this.#head?.all !== all) this.#known = await listColumns(this.#fetch).catch(() => this.#known);
  }

  /** Ids of all runs found, also of those that were not read yet. */
  async allIds(): Promise<readonly { readonly id: string; readonly number: number }[]> {
    const most = 1000;
    const found: { readonly id: string; readonly number: number }[] = [];
    for (let offset = 0; ; offset += most) {
      const view = { ...this.#view, columns: ['run'], group: [] };
      const { rows, total } = await readTable(this.#fetch, queryOf(view, offset, most));
      found.push(...rows.map(({ id, number }) => ({ id, number })));
      if (rows.length === 0 || found.length >= total) return found;
    }
  }

  /** Reads again when the runs have changed; where nothing tells that, by asking. Returns what stops it. */
  watch(live: LiveSource = pageSource()): () => void {
    const refreshing = new Refreshing(() => this.refresh());
    const following = live.followList({
      opened: () => refreshing.beTold(),
      broken: (failures) => {
        if (failures >= failuresUntilAsking) refreshing.ask();
      },
      changed: () => refreshing.want(),
    });
    return () => {
      following.close();
      refreshing.stop();
    };
  }

  #pagesInSight(): readonly number[] {
    const [from, to] = this.#sight;
    const first = Math.max(0, Math.floor(from / this.#limit));
    const last = Math.max(first, Math.floor((Math.min(to, this.entries) - 1) / this.#limit));
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  }

  /** @param isNew whether it is the first page of another view, that all others go with. */
  async #read(page: number, isNew: boolean, again = false): Promise<void> {
    if (this.#asked.has(page) && !isNew) return;
    const version = this.#version;
    this.#asked.add(page);
    this.#isReading = true;
    try {
      const known = again ? this.#pages.get(page) : undefined;
      const query = queryOf(this.#view, page * this.#limit, this.#limit);
      const ask = (since?: string) => readTable(this.#fetch, { ...query, ...(since !== undefined && { since }) });
      let answer = await ask(known?.version);
      if (version !== this.#version) return;
      // A difference from something else than is here: the whole is asked for.
      if (takeAnswer(known, answer) === null) answer = await ask();
      if (version !== this.#version) return;
      if (isNew) this.#pages.clear();
      this.#take(page, answer);
      this.#trouble = null;
      if (isNew) this.see(...this.#sight);
    } catch (error) {
      if (version === this.#version) this.#trouble = wordsOf(error);
    } finally {
      if (version === this.#version) {
        this.#asked.delete(page);
        this.#isReading = this.#asked.size > 0;
      }
    }
  }

  #take(page: number, answer: Answer): void {
    const next = takeAnswer(this.#pages.get(page), answer);
    if (next === null) return;
    this.#pages.set(page, next);
    const { rows: _rows, groups: _groups, order: _order, version: _v, isDifference: _d, offset: _o, ...head } = answer;
    this.#head = head;
  }
}
