import { createContext } from 'svelte';
import type { Bars } from '#core/bars/bars.ts';
import { type Boundaries, findBoundaries } from '#core/bars/boundaries.ts';
import type { ConfigGroups, Group } from '#core/config/config.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { isMap } from '#core/config/document.ts';
import type { LabelCount } from '#core/dataset/labels.ts';
import type { Remedy } from '#core/dataset/remedies.ts';
import { type OutputName, outputNeeds, outputObstacle } from '#core/notebook/graph.ts';
import { ApiError, type Fetch } from '#lib/api/request.ts';
import { PreviewClient } from '#lib/worker/client.ts';
import type { FeatureColumns, Part, PreviewCells, Preview, Samples } from '#lib/worker/preview.ts';
import { formatDuration } from '#lib/ui/format.ts';
import { FirstRows } from './first-rows.svelte.ts';
import {
  brokenOf,
  furtherColumns,
  keepUnchanged,
  keyOf,
  needsRemedies,
  type PartName,
  partNames,
  readingKey,
} from './preview-parts.ts';
import {
  asksForColumns,
  cellOfTrouble,
  computedOf,
  type Obstacle,
  type Output,
  type PreviewTrouble,
  troubleWords,
} from './output.ts';
import { isBarsOf, readSource, servedOf, type SourceBars } from './source-bars.ts';

/** What the preview needs of the worker; a test gives its own. */
type Previewer = Pick<PreviewClient, 'glance' | 'preview' | 'remedies' | 'dispose'>;

/** A part of a preview and what it was worked out from. */
interface Answer<Value> {
  readonly key: string;
  readonly part: Part<Value>;
}

interface Answers {
  readonly columns: Answer<FeatureColumns> | null;
  readonly labels: Answer<LabelCount> | null;
  readonly samples: Answer<Samples> | null;
}

/** A failure to read the data, and what was to be read. */
interface Unread extends Omit<PreviewTrouble, 'isOld'> {
  readonly key: string;
}

const settleAfter = 350;
/** Between an edit and what is shown of it at once: as long as a key is held. */
const glanceAfter = 60;
const busyAfter = 1000;
/** Ms that working out all rows may take to follow every edit; what takes longer waits for the cells to be run. */
const mostWork = 5000;

/**
 * What a notebook would make of its data, before anything is trained: the sidecar reads and cleans the file, a worker
 * computes features, labels and splits with the trainer's own code. Each part is worked out from the cells that it needs,
 * whatever is wrong in the others, and is shown for the cells that it is of alone: what was worked out from older ones is
 * said to be on its way. Follows the newest cells; work for older ones is dropped.
 */
export class DatasetPreview {
  readonly #fetch: Fetch;
  readonly #open: () => Previewer;
  readonly #clock: () => number;
  /** The source as its file has it, while somebody looks. */
  readonly firstRows: FirstRows;
  #worker: Previewer | null = null;
  #groups = $state.raw<ConfigGroups | null>(null);
  #read = $state.raw<SourceBars | null>(null);
  #unread = $state.raw<Unread | null>(null);
  #answers = $state.raw<Answers>({ columns: null, labels: null, samples: null });
  #remedies = $state.raw<{ readonly key: string; readonly found: readonly Remedy[] } | null>(null);
  #asked = $state('');
  #busy = $state(false);
  /** The cells for which all rows were not worked out, and how long those of the same bars took before, ms. */
  #spared = $state.raw<{ readonly key: string; readonly took: number } | null>(null);
  #took: { readonly bars: Bars; readonly ms: number } | null = null;
  #wanted = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #glanceTimer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  constructor(
    fetcher: Fetch = (input, init) => fetch(input, init),
    open: () => Previewer = () => new PreviewClient(),
    clock: () => number = () => performance.now(),
  ) {
    this.#fetch = fetcher;
    this.#open = open;
    this.#clock = clock;
    this.firstRows = new FirstRows(fetcher);
  }

  readonly #data = $derived(this.#groups?.data ?? null);
  /** The source as it was read and cleaned. */
  readonly source: Output<Pick<SourceBars, 'inspection' | 'bars' | 'isWhole'>> = $derived.by(() => {
    const obstacle = this.#obstacle('bars');
    if (obstacle) return { state: 'missing', ...obstacle };
    if (this.#read && this.#data && isBarsOf(this.#read, this.#data)) return { state: 'computed', value: this.#read };
    return { state: 'computing', last: this.#read };
  });
  readonly #current = $derived(this.source.state === 'computed' ? this.#read : null);
  /**
   * Where the splits begin, in all bars of the source; null until those of this data cell have been read. The same object
   * while other cells are edited, for it takes all bars to find them, and the price chart is drawn with them.
   */
  readonly boundaries: Boundaries | null = $derived.by(() => {
    if (!this.#data || !this.#current) return null;
    const { inspection, bars, isWhole } = this.#current;
    return isWhole ? findBoundaries(bars, this.#data) : inspection.boundaries;
  });
  readonly columns: Output<FeatureColumns> = $derived.by(() => this.#output('columns', this.#answers.columns));
  readonly labels: Output<LabelCount> = $derived.by(() => this.#output('labels', this.#answers.labels));
  readonly samples: Output<Samples> = $derived.by(() => this.#output('samples', this.#answers.samples));

  /** What would keep more rows, where many are lost; empty until it has been tried out. */
  get remedies(): readonly Remedy[] {
    const isCurrent = this.#groups && this.#hasAll('samples') && this.#remedies?.key === keyOf('samples', this.#groups);
    return isCurrent ? (this.#remedies?.found ?? []) : [];
  }

  /** Whether anything is worked out: nothing is before the first cells come. */
  get isFollowing(): boolean {
    return this.#groups !== null;
  }
  /** What stands in the way of a run as far as is known; what older cells ran into is said until the newest are tried. */
  readonly trouble: PreviewTrouble | null = $derived.by(() => {
    const groups = this.#groups;
    if (groups === null || groups.data === null) return null;
    if (this.#unread && this.#hasAll(this.#unread.of)) {
      const { code, message, path, of, key } = this.#unread;
      return { code, message, path, of, isOld: key !== this.#unreadKey(groups, path) };
    }
    for (const name of partNames) {
      const answer = this.#answers[name];
      if (!answer || answer.part.ok || !this.#hasAll(name)) continue;
      const { code, message, issues, lack } = answer.part.failure;
      if (lack !== null) continue;
      return { code, message, path: issues[0]?.path ?? '', of: name, isOld: answer.key !== keyOf(name, groups) };
    }
    return null;
  });

  /**
   * Whether a person is asked for the columns of a source: from when they could not be told until the person is done, for
   * a time and a close make bars before open, high and low are said.
   */
  isAskingFor(source: unknown): boolean {
    return source !== '' && this.#asked === source;
  }
  stopAsking(): void {
    this.#asked = '';
  }
  get busy(): boolean {
    return this.#busy;
  }
  /** How many bars the preview rests on, where they are only the newest of the source; null where it has them all. */
  get newest(): number | null {
    return this.#read && !this.#read.isWhole ? this.#read.inspection.rows : null;
  }
  /** Timeframes that `auto` comes to for this data; empty until it has been read. */
  get timeframes(): readonly string[] {
    return computedOf(this.columns)?.timeframes ?? [];
  }

  /** Columns of numbers in the file that nothing was taken from, without the keys of `taken`. */
  freeColumns(taken: unknown): readonly string[] {
    const report = this.#read?.inspection.report;
    const isFree = (name: string) => report?.unused.includes(name) && !(isMap(taken) && Object.hasOwn(taken, name));
    return report?.numeric.filter(isFree) ?? [];
  }

  /** Works towards the preview of these cells once they have stood still for a moment. */
  follow(groups: ConfigGroups): void {
    this.#groups = keepUnchanged(groups, this.#groups);
    const wanted = canonicalJson([groups.data, groups.features, groups.targets, groups.model?.lookback ?? null]);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    clearTimeout(this.#glanceTimer);
    const { data } = groups;
    if (data === null) return this.#abort?.abort();
    const read = this.#read;
    if (read && isBarsOf(read, data) && this.#unread === null) {
      this.#glanceTimer = setTimeout(
        () => void this.#glance(read, { ...groups, data }).catch(() => undefined),
        glanceAfter,
      );
    }
    this.#timer = setTimeout(() => void this.#work({ ...groups, data }, wanted), settleAfter);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#glanceTimer);
    this.#abort?.abort();
    this.firstRows.dispose();
    this.#worker?.dispose();
    this.#worker = null;
    this.#wanted = '';
  }

  #hasAll(name: OutputName): boolean {
    return this.#groups !== null && outputObstacle(name, brokenOf(this.#groups)) === null;
  }

  /** Why an output cannot be worked out: a cell that it needs has a problem, or its data cannot be read. */
  #obstacle(name: OutputName): Obstacle | null {
    const groups = this.#groups;
    if (groups === null) return null;
    const broken = outputObstacle(name, brokenOf(groups));
    if (broken) return { cell: broken, why: 'has a problem' };
    const unread = this.#unread;
    if (!unread || unread.key !== this.#unreadKey(groups, unread.path)) return null;
    const cell = cellOfTrouble(unread);
    const needed: readonly Group[] = outputNeeds[name];
    return needed.includes(cell) ? { cell, why: troubleWords(unread) } : null;
  }

  #output<Value>(name: PartName, answer: Answer<Value> | null): Output<Value> {
    const obstacle = this.#obstacle(name);
    if (obstacle) return { state: 'missing', ...obstacle };
    const last = answer?.part.ok ? answer.part.value : null;
    if (this.#groups && name === 'samples' && this.#spared?.key === keyOf(name, this.#groups)) {
      return {
        state: 'missing',
        cell: 'model',
        why: `waits for Ctrl+Enter: counting took ${formatDuration(this.#spared.took)}`,
      };
    }
    if (!answer || !this.#groups || answer.key !== keyOf(name, this.#groups)) return { state: 'computing', last };
    if (answer.part.ok) return { state: 'computed', value: answer.part.value };
    const { code, issues, lack } = answer.part.failure;
    if (lack !== null) return { state: 'missing', cell: 'data', why: lack };
    const trouble = { code, path: issues[0]?.path ?? '' };
    return { state: 'missing', cell: cellOfTrouble(trouble), why: troubleWords(trouble) };
  }

  /** What a failure to read is a failure of: the data, with the further columns where one of them was not there. */
  #unreadKey({ data, features }: ConfigGroups, path: string): string {
    return canonicalJson([
      data && readingKey(data),
      cellOfTrouble({ path }) === 'features' ? furtherColumns(features) : null,
    ]);
  }

  async #work(cells: ConfigGroups & Pick<PreviewCells, 'data'>, wanted: string): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#busy = true;
    try {
      const read = await this.#readBars(cells, abort.signal);
      if (!read) return;
      // The columns that could not be read take the features with them, and nothing else.
      const features = this.#unread ? null : cells.features;
      const { data, targets, model } = cells;
      const given = { data, features, targets, model };
      const served = servedOf(read);
      // What all rows come to takes its place as soon as it is there.
      void this.#glance(read, { ...cells, features }).catch(() => undefined);
      if (this.#took?.bars === read.bars && this.#took.ms > mostWork) {
        this.#spared = { key: keyOf('samples', cells), took: this.#took.ms };
        return;
      }
      this.#worker ??= this.#open();
      const began = this.#clock();
      const answer = await this.#worker.preview(served, given);
      if (answer === null || wanted !== this.#wanted) return;
      this.#took = { bars: read.bars, ms: this.#clock() - began };
      this.#take(answer, cells);
      this.#busy = false;
      if (!needsRemedies(answer)) return;
      const found = await this.#worker.remedies(served, given);
      if (found !== null && wanted === this.#wanted) this.#remedies = { key: keyOf('samples', cells), found };
    } catch (error) {
      if (abort.signal.aborted) return;
      if (error instanceof ApiError && error.code === 'state_conflict') {
        // The sidecar reads as much as it can: ask again, unless something else is wanted by now.
        if (wanted === this.#wanted) this.#timer = setTimeout(() => void this.#work(cells, wanted), busyAfter);
        return;
      }
      this.#fail(error, cells);
    } finally {
      if (this.#abort === abort) this.#busy = false;
    }
  }

  /** What the newest rows of the bars that are there come to, unless that is shown already, or all of it is. */
  async #glance(read: SourceBars, cells: ConfigGroups & Pick<PreviewCells, 'data'>): Promise<void> {
    const isNew = (name: 'columns' | 'labels') => this.#answers[name]?.key !== keyOf(name, cells);
    if (!isNew('columns') && !isNew('labels')) return;
    this.#worker ??= this.#open();
    const answer = await this.#worker.glance(servedOf(read), cells);
    if (answer === null || this.#read !== read) return;
    const news = <Value>(name: 'columns' | 'labels', part: Part<Value> | null) =>
      part?.ok && isNew(name) ? part : null;
    this.#take(
      { columns: news('columns', answer.columns), labels: news('labels', answer.labels), samples: null },
      cells,
    );
  }

  /** Takes up the parts that there are. */
  #take(answer: Preview, cells: ConfigGroups): void {
    const keyed = <Value>(name: PartName, part: Part<Value> | null, before: Answer<Value> | null) =>
      part ? { key: keyOf(name, cells), part } : before;
    this.#answers = {
      columns: keyed('columns', answer.columns, this.#answers.columns),
      labels: keyed('labels', answer.labels, this.#answers.labels),
      samples: keyed('samples', answer.samples, this.#answers.samples),
    };
  }

  #fail(error: unknown, cells: ConfigGroups): void {
    const message = error instanceof Error ? error.message : String(error);
    const { code, issues } = error instanceof ApiError ? error : { code: 'internal', issues: [] };
    const path = issues[0]?.path ?? 'data.source';
    const of = cellOfTrouble({ path }) === 'features' ? 'columns' : 'bars';
    this.#unread = { code, message, path, of, key: this.#unreadKey(cells, path) };
    if (asksForColumns(this.#unread)) this.#asked = cells.data?.source ?? '';
  }

  /** Reads the bars, unless they are those of the same data cell and columns. */
  async #readBars(cells: ConfigGroups & Pick<PreviewCells, 'data'>, signal: AbortSignal): Promise<SourceBars | null> {
    const { data, features } = cells;
    const isSame = this.#read !== null && isBarsOf(this.#read, data);
    // What the features ask for is not known while their cell has a problem: any bars of this data will do.
    const names = features ? furtherColumns(features) : isSame && this.#read ? this.#read.names : [];
    if (isSame && !this.#unread && canonicalJson(this.#read?.names) === canonicalJson(names)) return this.#read;
    try {
      this.#read = await readSource(this.#fetch, data, names, signal);
      this.#unread = null;
    } catch (error) {
      if (signal.aborted) throw error;
      // A column that the file does not have is no reason to hide its bars.
      const isOfFeatures = error instanceof ApiError && cellOfTrouble(error.issues[0] ?? { path: '' }) === 'features';
      if (!isOfFeatures) throw error;
      this.#read = await readSource(this.#fetch, data, [], signal);
      this.#fail(error, cells);
    }
    return this.#read;
  }
}

export const [getPreview, setPreview] = createContext<DatasetPreview>();
