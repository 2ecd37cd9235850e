import { createHash } from 'node:crypto';
import type { Config } from '#core/config/config.ts';
import type { Dataset, ScoredSplit } from '#core/dataset/dataset.ts';
import { evaluatedRows } from '#core/dataset/evaluated-rows.ts';
import { AppError } from '#core/error.ts';
import type { FeatureMatrix } from '#core/features/matrix.ts';
import type { EvaluatedRows } from '#core/run/evaluation.ts';
import type { StepRecord } from '#core/steps/step-record.ts';
import type { Cache, Found } from '#trainer/cache/cache.ts';
import type { CellKey } from '#trainer/cache/cell-key.ts';
import { type Content, packContent, type PackedContent } from '#trainer/cache/content-file.ts';
import { identifySource } from '#trainer/data/identify.ts';
import type { LoadedBars } from '#trainer/data/load.ts';
import type { Roots } from '#trainer/data/locate.ts';
import { reusedWhy } from '#core/steps/reuse-words.ts';
import { type BarsFacts, fromBarsContent, toBarsContent, toBarsFacts } from './bars-content.ts';
import type { KeptBars } from './kept-bars.ts';
import { fromMatrixContent, toMatrixContent } from './matrix-content.ts';
import { fromSamplesContent, type Samples, toSamplesContent } from './samples-content.ts';
import { dataKey, featuresKey, samplesKey } from './step-cell-keys.ts';

export interface StepsOptions extends Roots {
  readonly cache: Cache;
  readonly kept: KeptBars;
  /** Bars that are kept and to be used, whatever the file is by now; null: those of the file. */
  readonly bars: string | null;
  /** Called as each step is done. */
  readonly done?: (record: StepRecord) => void;
}

/** The bars of a configuration: their id, what is known of them, and how to get them. */
interface FoundBars {
  readonly id: string;
  readonly facts: BarsFacts;
  read(): Promise<LoadedBars>;
  /** Of bars that were loaded just now. */
  readonly packed: PackedContent | null;
}

/**
 * What a configuration comes to before a network sees it: bars, features, samples. Each is worked out when it is first asked
 * for, unless it was before: by anybody, with the same settings and code, from the same bytes. Whatever comes from the cache is
 * bit for bit what would be computed. Nothing of the cache ends a run: what it refuses is said by `settled`.
 */
export class Steps {
  readonly #config: Config;
  readonly #options: StepsOptions;
  readonly #keeping: Promise<string | null>[] = [];
  #found: Promise<FoundBars> | null = null;
  #bars: Promise<LoadedBars> | null = null;

  constructor(config: Config, options: StepsOptions) {
    this.#config = config;
    this.#options = options;
  }

  /** The id of the bars, and what is known of them. @throws AppError as loadBars, and as KeptBars.read */
  async source(): Promise<BarsFacts & { readonly id: string }> {
    const { id, facts } = await this.#source();
    return { id, ...facts };
  }

  /** @throws AppError as `source` */
  bars(): Promise<LoadedBars> {
    this.#bars ??= this.#source().then(({ read }) => read());
    return this.#bars;
  }

  /** Unscaled features of all bars. @throws AppError as computeFeatures */
  async matrix(): Promise<FeatureMatrix> {
    const key = await this.#featuresKey();
    return this.#take('features', key, fromMatrixContent, toMatrixContent, null, async () => {
      const [{ computeFeatures }, { bars }] = await Promise.all([import('#core/features/matrix.ts'), this.bars()]);
      const { features, data } = this.#config;
      return timed(() => computeFeatures(bars, features, { timezone: data.timezone }));
    });
  }

  /** @throws AppError as assembleDataset */
  async samples(): Promise<Samples> {
    const features = await this.#featuresKey();
    const { id } = await this.#source();
    const key = samplesKey(this.#config, id);
    const skipped = async () => {
      const saved = await this.#options.cache.secondsOf(features);
      this.#tell({
        step: 'features',
        from: 'cache',
        why: 'the samples that they are in are reused',
        seconds: 0,
        saved,
      });
    };
    return this.#take('samples', key, fromSamplesContent, toSamplesContent, skipped, async () => {
      const [{ assembleDataset }, { findLeaks, quick }] = await Promise.all([
        import('#core/dataset/assemble.ts'),
        import('#core/leaks/find-leaks.ts'),
      ]);
      const matrix = await this.matrix();
      const { bars } = await this.bars();
      return timed(() => {
        const config = this.#config;
        const dataset = assembleDataset(bars, config, undefined, matrix);
        const evaluation = { validation: keyRows(dataset, 'validation'), test: keyRows(dataset, 'test') };
        return { dataset, evaluation, leaks: findLeaks({ bars, config, dataset, matrix, effort: quick }) };
      });
    });
  }

  /**
   * Keeps the bars for as long as a run names them. Answers how many bytes they are.
   * @throws what the system says where they cannot be kept
   */
  async keepBars(): Promise<number> {
    const { kept, cache } = this.#options;
    const { id, packed } = await this.#source();
    const pack = async () => packed ?? packContent(toBarsContent(await this.bars()));
    await kept.keep(id, pack, cache.pathOf(id));
    this.#keeping.push(
      kept.sync(id).then(
        () => null,
        (error: unknown) => `the bars may not be kept: ${String(error)}`,
      ),
    );
    return (await kept.find(id)) ?? 0;
  }

  /** Returns when all that is kept is kept: what was not, in words, each reason once. */
  async settled(): Promise<readonly string[]> {
    const refusals = await Promise.all(this.#keeping);
    return [...new Set(refusals.filter((refusal) => refusal !== null))];
  }

  async #featuresKey(): Promise<CellKey> {
    const { id } = await this.#source();
    return featuresKey(this.#config, id);
  }

  #source(): Promise<FoundBars> {
    this.#found ??= this.#options.bars === null ? this.#ofFile() : this.#ofKept(this.#options.bars);
    return this.#found;
  }

  async #ofKept(id: string): Promise<FoundBars> {
    const { kept } = this.#options;
    const began = performance.now();
    const facts = await kept.readFacts(id);
    this.#tell({ step: 'data', from: 'kept', why: 'the bars that were kept', seconds: since(began), saved: null });
    return { id, facts, read: () => kept.read(id), packed: null };
  }

  async #ofFile(): Promise<FoundBars> {
    const { cache, roots } = this.#options;
    const began = performance.now();
    const identity = await identifySource(this.#config.data, { roots });
    const load = async (why: string): Promise<FoundBars> => {
      const { loadBars } = await import('#trainer/data/load.ts');
      const extra = Object.keys(this.#config.features.columns);
      const loaded = await loadBars(this.#config.data, { roots, extra, identity });
      const seconds = since(began);
      const packed = await packContent(toBarsContent(loaded));
      this.#keeping.push(cache.keep(dataKey(this.#config, identity, loaded.fingerprint), packed, seconds));
      this.#tell({ step: 'data', from: 'computed', why, seconds, saved: null });
      const { bars: __, ...facts } = loaded;
      return { id: packed.id, facts, read: () => Promise.resolve(loaded), packed };
    };
    const key = dataKey(this.#config, identity);
    const found = await cache.findMeta(key);
    if (found.state === 'miss') return load(found.why);
    const seconds = since(began);
    this.#tell({ step: 'data', from: 'cache', why: reusedWhy, seconds, saved: saving(found.seconds, seconds) });
    const read = async () => {
      const whole = await cache.find(key);
      return whole.state === 'hit' ? fromBarsContent(whole.value) : (await load(whole.why)).read();
    };
    return { id: found.id, facts: toBarsFacts(found.value), read, packed: null };
  }

  /** What is kept under the key, else what `compute` gives, which is kept then. */
  async #take<Value>(
    step: StepRecord['step'],
    key: CellKey,
    from: (content: Content) => Value,
    to: (value: Value) => Content,
    skipped: (() => Promise<void>) | null,
    compute: () => Promise<Timed<Value>>,
  ): Promise<Value> {
    const { cache } = this.#options;
    const began = performance.now();
    const found = opened(await cache.find(key), from);
    if (found.state === 'hit') {
      const seconds = since(began);
      await skipped?.();
      this.#tell({ step, from: 'cache', why: reusedWhy, seconds, saved: saving(found.seconds, seconds) });
      return found.value;
    }
    const { value, seconds } = await compute();
    this.#tell({ step, from: 'computed', why: found.why, seconds, saved: null });
    this.#keeping.push(cache.keep(key, to(value), seconds));
    return value;
  }

  #tell(record: StepRecord): void {
    this.#options.done?.(record);
  }
}

interface Timed<Value> {
  readonly value: Value;
  readonly seconds: number;
}

function timed<Value>(work: () => Value): Timed<Value> {
  const began = performance.now();
  const value = work();
  return { value, seconds: since(began) };
}

function since(began: number): number {
  return Math.round(performance.now() - began) / 1000;
}

function saving(computing: number, reading: number): number {
  return Math.max(0, Math.round(1000 * (computing - reading)) / 1000);
}

/** Content that cannot be understood is none: another program wrote it under our key. */
function opened<Value>(found: Found, from: (content: Content) => Value): Found<Value> {
  if (found.state === 'miss') return found;
  try {
    return { ...found, value: from(found.value) };
  } catch (error) {
    if (error instanceof AppError) throw error;
    return { state: 'miss', why: `what was kept cannot be understood: ${String(error)}` };
  }
}

function keyRows(dataset: Dataset, split: ScoredSplit): EvaluatedRows {
  const { bytes, ...rows } = evaluatedRows(dataset, split);
  return { key: createHash('sha256').update(bytes).digest('hex'), ...rows };
}
