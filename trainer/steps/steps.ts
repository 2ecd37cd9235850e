import { createHash } from 'node:crypto';
import type { Config } from '#core/config/config.ts';
import type { Dataset, ScoredSplit } from '#core/dataset/dataset.ts';
import { evaluatedRows } from '#core/dataset/evaluated-rows.ts';
import { AppError } from '#core/error.ts';
import type { FeatureMatrix } from '#core/features/matrix.ts';
import type { EvaluatedRows } from '#core/run/evaluation.ts';
import { recordedSteps, type StepRecord } from '#core/steps/step-record.ts';
import type { Cache, Found } from '#trainer/cache/cache.ts';
import type { CellKey } from '#trainer/cache/cell-key.ts';
import { type Content, packContent } from '#trainer/cache/content-file.ts';
import { identifySource } from '#trainer/data/identify.ts';
import type { LoadedBars } from '#trainer/data/load.ts';
import type { Roots } from '#trainer/data/locate.ts';
import { type BarsFacts, toBarsContent } from './bars-content.ts';
import { findFileBars, findKeptBars, type FoundBars, ofKept, type WantedBars } from './find-bars.ts';
import type { KeptBars } from './kept-bars.ts';
import { dataKey, featuresKey, samplesKey } from './keys-of-steps.ts';
import { fromMatrixContent, toMatrixContent } from './matrix-content.ts';
import { fromSamplesContent, type Samples, toSamplesContent, toSamplesFacts } from './samples-content.ts';
import { reused, saving, since, type Timed, timed } from './step-times.ts';

export interface StepsOptions extends Roots {
  readonly cache: Cache;
  readonly kept: KeptBars;
  /** Bars that are kept and to be used, whatever the file is by now, and what loading them took; null: those of the file. */
  readonly bars: WantedBars | null;
  /** Called when a step is being computed, and when it is done, however it was come by. */
  readonly begun?: (step: StepRecord['step']) => void;
  readonly done?: (record: StepRecord) => void;
  /** Finds and hashes the files of a source where something is foreseen. */
  readonly identify?: typeof identifySource;
}

/** What asking for a step would do. */
export interface StepOutlook {
  readonly step: StepRecord['step'];
  readonly from: StepRecord['from'];
  readonly why: string;
  /** What computing it took before, where that is known. */
  readonly seconds: number | null;
}

/** What asking for the samples would do. */
export interface Foresight {
  readonly steps: readonly StepOutlook[];
  /** Of the data as it is now. */
  readonly fingerprint: string;
  /** What is known of the samples, where they are there. */
  readonly samples: ReturnType<typeof toSamplesFacts> | null;
}

/** A result as content, and back. */
interface Form<Value> {
  readonly to: (value: Value) => Content;
  readonly from: (content: Content) => Value;
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
  readonly #records = new Map<StepRecord['step'], StepRecord>();
  #found: Promise<FoundBars> | null = null;
  #bars: Promise<LoadedBars> | null = null;

  constructor(config: Config, options: StepsOptions) {
    this.#config = config;
    this.#options = options;
  }

  /** How each step that was asked for was come by, in their order. */
  get records(): readonly StepRecord[] {
    return recordedSteps.flatMap((step) => this.#records.get(step) ?? []);
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
    const key = featuresKey(this.#config, (await this.#source()).id);
    return this.#take('features', key, { to: toMatrixContent, from: fromMatrixContent }, async (begin) => {
      const [{ computeFeatures }, { bars }] = await Promise.all([import('#core/features/matrix.ts'), this.bars()]);
      const { features, data } = this.#config;
      begin();
      return timed(() => computeFeatures(bars, features, { timezone: data.timezone }));
    });
  }

  /** @throws AppError as assembleDataset */
  async samples(): Promise<Samples> {
    const key = samplesKey(this.#config, (await this.#source()).id);
    const samples = await this.#take(
      'samples',
      key,
      { to: toSamplesContent, from: fromSamplesContent },
      async (begin) => {
        const [{ assembleDataset }, { findLeaks, quick }] = await Promise.all([
          import('#core/dataset/assemble.ts'),
          import('#core/leaks/find-leaks.ts'),
        ]);
        const matrix = await this.matrix();
        const { bars } = await this.bars();
        begin();
        return timed(() => {
          const config = this.#config;
          const dataset = assembleDataset(bars, config, undefined, matrix);
          const evaluation = { validation: keyRows(dataset, 'validation'), test: keyRows(dataset, 'test') };
          return { dataset, evaluation, leaks: findLeaks({ bars, config, dataset, matrix, effort: quick }) };
        });
      },
    );
    if (!this.#records.has('features')) await this.#skipFeatures();
    return samples;
  }

  /**
   * What asking for the samples would do, without doing it: the file is found and hashed, nothing is loaded.
   * @throws AppError where the source is not there
   */
  async foresee(): Promise<Foresight> {
    const { cache, bars } = this.#options;
    const { id, outlook, fingerprint } =
      bars === null ? await this.#foreseeFile() : await this.#foreseeKept(bars.content);
    if (id === null) {
      const behind = { from: 'computed', why: 'its bars are loaded anew', seconds: null } as const;
      const steps = [outlook, { step: 'features', ...behind }, { step: 'samples', ...behind }] as const;
      return { steps, fingerprint, samples: null };
    }
    const [features, samples] = await Promise.all(
      [featuresKey, samplesKey].map((keyOf) => cache.findMeta(keyOf(this.#config, id))),
    );
    const isThere = samples.state === 'hit';
    const inSamples = { step: 'features', from: 'cache', why: includedInSamples, seconds: null } as const;
    return {
      steps: [
        outlook,
        // Where the samples are there nobody asks for the features.
        isThere && features.state === 'miss' ? inSamples : toOutlook('features', features),
        toOutlook('samples', samples),
      ],
      fingerprint,
      samples: isThere ? toSamplesFacts(samples.value) : null,
    };
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

  #source(): Promise<FoundBars> {
    const { bars, kept, cache, begun } = this.#options;
    const hooks = {
      begun: () => begun?.('data'),
      done: (record: StepRecord) => this.#tell(record),
      keeping: (work: Promise<string | null>) => void this.#keeping.push(work),
    };
    this.#found ??=
      bars === null ? findFileBars(this.#config, cache, this.#options, hooks) : findKeptBars(bars, kept, hooks);
    return this.#found;
  }

  async #foreseeKept(id: string) {
    const { fingerprint } = await this.#options.kept.readFacts(id);
    return { id, outlook: { ...ofKept, seconds: null }, fingerprint };
  }

  async #foreseeFile() {
    const { cache, identify = identifySource } = this.#options;
    const identity = await identify(this.#config.data, this.#options);
    const { fingerprint } = identity;
    const found = await cache.findMeta(dataKey(this.#config, identity, fingerprint));
    return { id: found.state === 'hit' ? found.id : null, outlook: toOutlook('data', found), fingerprint };
  }

  /** What is kept under the key, else what `compute` gives, which is kept then. */
  async #take<Value>(
    step: StepRecord['step'],
    key: CellKey,
    { to, from }: Form<Value>,
    compute: (begin: () => void) => Promise<Timed<Value>>,
  ): Promise<Value> {
    const { cache, begun } = this.#options;
    const began = performance.now();
    const found = opened(await cache.find(key), from);
    if (found.state === 'hit') {
      const seconds = since(began);
      this.#tell({ step, from: 'cache', why: reused, seconds, saved: saving(found.seconds, seconds) });
      return found.value;
    }
    const { value, seconds } = await compute(() => begun?.(step));
    this.#tell({ step, from: 'computed', why: found.why, seconds, saved: null });
    this.#keeping.push(cache.keep(key, to(value), seconds));
    return value;
  }

  /** Samples that were reused spare the features as well. */
  async #skipFeatures(): Promise<void> {
    const found = await this.#options.cache.findMeta(featuresKey(this.#config, (await this.#source()).id));
    const saved = found.state === 'hit' ? found.seconds : null;
    this.#tell({ step: 'features', from: 'cache', why: includedInSamples, seconds: 0, saved });
  }

  #tell(record: StepRecord): void {
    this.#records.set(record.step, record);
    this.#options.done?.(record);
  }
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

const includedInSamples = 'the samples that they are in are reused';

function toOutlook(step: StepRecord['step'], found: Found<unknown>): StepOutlook {
  return found.state === 'hit'
    ? { step, from: 'cache', why: reused, seconds: found.seconds }
    : { step, from: 'computed', why: found.why, seconds: null };
}
