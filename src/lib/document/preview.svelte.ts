import { createContext } from 'svelte';
import { decodeBars } from '#core/bars/bars-buffer.ts';
import type { Bars } from '#core/bars/bars.ts';
import type { Inspection } from '#core/bars/inspection.ts';
import type { Config, Group } from '#core/config/config.ts';
import type { DataConfig } from '#core/config/data.ts';
import { canonicalJson } from '#core/config/digest.ts';
import { isMap } from '#core/config/document.ts';
import type { DatasetReport } from '#core/dataset/dataset.ts';
import { engineNote } from '#core/estimate/engine-note.ts';
import { type Estimate, estimate, type EstimateInput } from '#core/estimate/estimate.ts';
import { countFeatures } from '#core/estimate/feature-count.ts';
import { barsUrl, inspectData, readBars } from '#lib/api/data.ts';
import { ApiError, type Fetch } from '#lib/api/request.ts';
import { PreviewClient } from '#lib/worker/client.ts';
import type { Preview } from '#lib/worker/preview.ts';
import { FirstRows } from './first-rows.svelte.ts';

/** What stands in the way of a preview, and at which key. */
export interface PreviewTrouble {
  readonly code: string;
  readonly message: string;
  readonly path: string;
}

/** The cell at which a trouble is shown: the one its key belongs to, else where the data comes from. */
function cellOfTrouble({ path }: PreviewTrouble): Group {
  const first = path.split('.')[0];
  return first === 'features' || first === 'targets' || first === 'model' ? first : 'data';
}

/**
 * The cells that a trouble concerns, the one that it is shown at first: where too little data is left for what the
 * others ask for, the data as well.
 */
export function cellsOfTrouble(trouble: PreviewTrouble): readonly Group[] {
  const owner = cellOfTrouble(trouble);
  const isShort = ['split_too_small', 'warmup_too_long', 'data_empty'].includes(trouble.code);
  return isShort && owner !== 'data' ? [owner, 'data'] : [owner];
}

/** Whether another reading of the columns could be the way out: they are not known, or what they are taken for is no bar. */
function asksForColumns({ code, path }: PreviewTrouble): boolean {
  if (/^data\.(columns|symbol)\b/.test(path)) return true;
  return path === 'data.source' && (code === 'data_unreadable' || code === 'data_empty');
}

/** What the preview needs of the worker; a test gives its own. */
type Previewer = Pick<PreviewClient, 'preview' | 'dispose'>;

const hour = 3_600_000;
const settleAfter = 350;
const busyAfter = 1000;

/**
 * What a configuration would make of its data, before anything is trained: the sidecar reads and cleans the file, a
 * worker computes features, labels and splits with the trainer's own code. Follows the newest configuration; work for
 * an older one is dropped.
 */
export class DatasetPreview {
  readonly #fetch: Fetch;
  readonly #open: () => Previewer;
  /** The source as its file has it, while somebody looks. */
  readonly firstRows: FirstRows;
  #worker: Previewer | null = null;
  #inspection = $state.raw<Inspection | null>(null);
  #bars = $state.raw<Bars | null>(null);
  #preview = $state.raw<Preview | null>(null);
  #trouble = $state.raw<PreviewTrouble | null>(null);
  #asked = $state('');
  #busy = $state(false);
  #source = '';
  #wanted = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | null = null;

  constructor(fetcher: Fetch = (input, init) => fetch(input, init), open: () => Previewer = () => new PreviewClient()) {
    this.#fetch = fetcher;
    this.#open = open;
    this.firstRows = new FirstRows(fetcher);
  }

  get inspection(): Inspection | null {
    return this.#inspection;
  }
  /** The newest bars of the source, cleaned. */
  get bars(): Bars | null {
    return this.#bars;
  }
  get dataset(): Preview | null {
    return this.#preview;
  }
  get trouble(): PreviewTrouble | null {
    return this.#trouble;
  }
  /**
   * Whether a person is asked for the columns of a source: from when they could not be told until the person is done, for
   * a time and a close make bars before open, high and low are said.
   */
  isAskingFor(source: string): boolean {
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
    const inspection = this.#inspection;
    return inspection && inspection.rows < inspection.report.bars ? inspection.rows : null;
  }
  /** Timeframes that `auto` comes to for this data; empty until it has been read. */
  get timeframes(): readonly string[] {
    return this.#preview?.report.timeframes ?? [];
  }

  /** Columns of numbers in the file that nothing was taken from, without the keys of `taken`. */
  freeColumns(taken: unknown): readonly string[] {
    const report = this.#inspection?.report;
    const isFree = (name: string) => report?.unused.includes(name) && !(isMap(taken) && Object.hasOwn(taken, name));
    return report?.numeric.filter(isFree) ?? [];
  }

  /** Parameters, context and memory: for the data of this preview, else that of `known`, else for hourly bars. */
  estimate(config: Config, known?: DatasetReport): Estimate {
    const report = this.#preview?.report ?? known;
    const baseStep = this.#inspection?.step ?? known?.baseStep ?? hour;
    const counted = countFeatures(config.features, baseStep);
    const input: EstimateInput = {
      features: this.#preview?.names.length ?? counted.features,
      baseStep,
      warmup: report?.warmupBars ?? counted.warmup,
      rows: report?.bars,
      trainSamples: report?.samples.train,
    };
    const found = estimate(config, input);
    const tooLarge = engineNote(config, input, found.bytes);
    return tooLarge === null ? found : { ...found, notes: [...found.notes, tooLarge] };
  }

  /** Works towards the preview of this configuration once it has stood still for a moment. */
  follow(config: Config): void {
    const wanted = canonicalJson([config.data, config.features, config.targets, config.model.lookback]);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#work(config, wanted), settleAfter);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.firstRows.dispose();
    this.#worker?.dispose();
    this.#worker = null;
    this.#wanted = '';
  }

  async #work(config: Config, wanted: string): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#busy = true;
    try {
      await this.#read(config, abort.signal);
      if (!this.#inspection) return;
      this.#worker ??= this.#open();
      const answer = await this.#worker.preview(barsUrl(this.#inspection.key), this.#inspection.step, config);
      if (answer === null || wanted !== this.#wanted) return;
      if (answer.ok) {
        this.#preview = answer.preview;
        this.#trouble = null;
      } else {
        this.#preview = null;
        const { code, message, issues } = answer.failure;
        this.#trouble = { code, message, path: issues[0]?.path ?? '' };
      }
    } catch (error) {
      if (abort.signal.aborted) return;
      if (error instanceof ApiError && error.code === 'state_conflict') {
        // The sidecar reads as much as it can: ask again, unless something else is wanted by now.
        if (wanted === this.#wanted) this.#timer = setTimeout(() => void this.#work(config, wanted), busyAfter);
        return;
      }
      this.#preview = null;
      const message = error instanceof Error ? error.message : String(error);
      const { code, issues } = error instanceof ApiError ? error : { code: 'internal', issues: [] };
      this.#trouble = { code, message, path: issues[0]?.path ?? 'data.source' };
      if (asksForColumns(this.#trouble)) this.#asked = config.data.source;
    } finally {
      if (this.#abort === abort) this.#busy = false;
    }
  }

  /** Reads the bars, unless they are those of the same data cell and columns. */
  async #read({ data, features }: Config, signal: AbortSignal): Promise<void> {
    const { split: _split, ...input } = data;
    const columns = Object.keys(features.columns).sort();
    const source = canonicalJson([input, columns]);
    if (source === this.#source) return;
    this.#source = '';
    try {
      await this.#inspect(data, columns, signal);
      this.#source = source;
    } catch (error) {
      if (signal.aborted) throw error;
      this.#inspection = null;
      this.#bars = null;
      // A column that the file does not have is no reason to hide its bars.
      const isOfFeatures = error instanceof ApiError && error.issues[0]?.path.startsWith('features.');
      if (isOfFeatures) await this.#inspect(data, [], signal);
      throw error;
    }
  }

  async #inspect(data: DataConfig, columns: readonly string[], signal: AbortSignal): Promise<void> {
    const inspection = await inspectData(this.#fetch, data, columns, signal);
    const bytes = await readBars(this.#fetch, inspection.key, signal);
    this.#bars = decodeBars(bytes, inspection.step, columns);
    this.#inspection = inspection;
  }
}

export const [getPreview, setPreview] = createContext<DatasetPreview>();
