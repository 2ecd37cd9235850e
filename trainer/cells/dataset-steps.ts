import type { CellKind, CellResult } from '#core/api/cell-answers.ts';
import { findBoundaries } from '#core/bars/boundaries.ts';
import type { Config } from '#core/config/config.ts';
import { assembleDataset } from '#core/dataset/assemble.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { countLabels } from '#core/dataset/labels.ts';
import { AppError } from '#core/error.ts';
import { computeFeatures, type FeatureMatrix } from '#core/features/matrix.ts';
import { type LoadedBars, loadBars } from '#trainer/data/load.ts';
import type { CellMessage } from './cell-task.ts';
import { featuresResult } from './features-result.ts';

type Result<Step extends CellKind> = Extract<CellResult, { step: Step }>;

/** The steps on the way from a source to a data set: each is taken once, after those that it needs, and tells when it is done. */
export class DatasetSteps {
  readonly #config: Config;
  readonly #roots: readonly string[];
  readonly #say: (message: CellMessage) => void;
  #bars: Promise<LoadedBars> | undefined;

  constructor(config: Config, roots: readonly string[], say: (message: CellMessage) => void) {
    this.#config = config;
    this.#roots = roots;
    this.#say = say;
  }

  /** The whole source, loaded and cleaned. @throws AppError as loadBars */
  async dataResult(): Promise<Result<'data'>> {
    const { bars, report, fingerprint, files } = await this.#load();
    const boundaries = findBoundaries(bars, this.#config.data);
    return { step: 'data', report, fingerprint, files: [...files], baseStep: bars.step, boundaries };
  }

  /** The whole matrix. @throws AppError also as computeFeatures */
  async featuresResult(): Promise<Result<'features'>> {
    const { bars } = await this.#load();
    const matrix = await this.#matrix();
    return featuresResult(bars, matrix, this.#config);
  }

  /** All labels. @throws AppError split_too_small where a split has none */
  async targetsResult(): Promise<Result<'targets'>> {
    const { bars } = await this.#load();
    const { data, targets } = this.#config;
    const splitAt = findBoundaries(bars, data);
    const labels = await this.take('targets', () => countLabels(bars, data, targets, splitAt));
    for (const name of ['train', 'validation'] as const) {
      if (labels.splits[name].rows > 0) continue;
      const message = `Expected rows with a label in the ${name} split, received none. Raise data.split.${name}, or use more data.`;
      throw new AppError('split_too_small', message, { issues: [{ path: `data.split.${name}`, message }] });
    }
    return { step: 'targets', labels, splitAt };
  }

  /** What a model is trained on. @throws AppError also as assembleDataset */
  async dataset(): Promise<Dataset> {
    const { bars } = await this.#load();
    const matrix = await this.#matrix();
    return this.take('targets', () => assembleDataset(bars, this.#config, undefined, matrix));
  }

  /** Does the work of a step and tells how long it took. */
  async take<Value>(step: CellKind, work: () => Value | Promise<Value>): Promise<Value> {
    this.#say({ type: 'progress', step, share: null, doing: doing[step] });
    const began = performance.now();
    const value = await work();
    const seconds = (performance.now() - began) / 1000;
    this.#say({ type: 'done', step, from: 'computed', why: 'never computed', seconds, saved: 0 });
    return value;
  }

  #load(): Promise<LoadedBars> {
    const { data, features } = this.#config;
    return (this.#bars ??= this.take('data', () =>
      loadBars(data, { roots: this.#roots, extra: Object.keys(features.columns) }),
    ));
  }

  async #matrix(): Promise<FeatureMatrix> {
    const { bars } = await this.#load();
    const { data, features } = this.#config;
    return this.take('features', () => computeFeatures(bars, features, { timezone: data.timezone }));
  }
}

/** What is going on, in words. */
const doing: Readonly<Record<CellKind, string>> = {
  data: 'reading and cleaning the source',
  features: 'computing the features',
  targets: 'making labels and splits',
  model: 'building the network',
  loss: 'scoring the untrained network',
};
