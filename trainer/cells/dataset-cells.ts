import type { CellKind, CellResultOf } from '#core/api/cell-answers.ts';
import { findBoundaries } from '#core/bars/boundaries.ts';
import type { Config } from '#core/config/config.ts';
import { countLabels } from '#core/dataset/labels.ts';
import { AppError } from '#core/error.ts';
import type { StepRecord } from '#core/steps/step-record.ts';
import type { Samples } from '#trainer/steps/samples-content.ts';
import { since } from '#trainer/steps/step-times.ts';
import { Steps, type StepsOptions } from '#trainer/steps/steps.ts';
import type { CellMessage } from './cell-task.ts';
import { featuresResult } from './features-result.ts';

type Say = (message: CellMessage) => void;

/** The cells on the way from a source to a data set: each tells how far it is, and what it could reuse. */
export class DatasetCells {
  readonly #config: Config;
  readonly #steps: Steps;
  readonly #say: Say;

  constructor(config: Config, options: Omit<StepsOptions, 'begun' | 'done'>, say: Say) {
    this.#config = config;
    this.#say = say;
    this.#steps = new Steps(config, {
      ...options,
      begun: (step) => this.#begin(step === 'samples' ? 'targets' : step),
      done: (record) => say(toMessage(record)),
    });
  }

  /** The whole source, loaded and cleaned. @throws AppError as loadBars */
  async data(): Promise<CellResultOf<'data'>> {
    const { report, fingerprint, files } = await this.#steps.source();
    const { bars } = await this.#steps.bars();
    const boundaries = findBoundaries(bars, this.#config.data);
    return { step: 'data', report, fingerprint, files: [...files], baseStep: bars.step, boundaries };
  }

  /** The whole matrix. @throws AppError also as computeFeatures */
  async features(): Promise<CellResultOf<'features'>> {
    const { bars } = await this.#steps.bars();
    const matrix = await this.#steps.matrix();
    return featuresResult(bars, matrix, this.#config);
  }

  /** All labels. @throws AppError split_too_small where a split has none */
  async targets(): Promise<CellResultOf<'targets'>> {
    const { bars } = await this.#steps.bars();
    const { data, targets } = this.#config;
    const splitAt = findBoundaries(bars, data);
    const labels = await this.take('targets', 'labels are counted anew each time', () =>
      countLabels(bars, data, targets, splitAt),
    );
    for (const name of ['train', 'validation'] as const) {
      if (labels.splits[name].rows > 0) continue;
      const message = `Expected rows with a label in the ${name} split, received none. Raise data.split.${name}, or use more data.`;
      throw new AppError('split_too_small', message, { issues: [{ path: `data.split.${name}`, message }] });
    }
    return { step: 'targets', labels, splitAt };
  }

  /** What a model is trained on. @throws AppError also as assembleDataset */
  async samples(): Promise<Samples> {
    return this.#steps.samples();
  }

  /** Does the work of a cell that is never reused, and tells how long it took. */
  async take<Value>(step: CellKind, why: string, work: () => Value | Promise<Value>): Promise<Value> {
    this.#begin(step);
    const began = performance.now();
    const value = await work();
    this.#say({ type: 'done', step, from: 'computed', why, seconds: since(began), saved: 0 });
    return value;
  }

  /** Returns when all that is to be reused is kept. */
  async settled(): Promise<void> {
    for (const refusal of await this.#steps.settled())
      this.#say({ type: 'progress', step: 'data', share: null, doing: `not kept to be reused: ${refusal}` });
  }

  #begin(step: CellKind): void {
    this.#say({ type: 'progress', step, share: null, doing: doing[step] });
  }
}

/** Labels, windows and splits are those of the targets cell. */
function toMessage({ step, from, why, seconds, saved }: StepRecord): CellMessage {
  return {
    type: 'done',
    step: step === 'samples' ? 'targets' : step,
    from: from === 'computed' ? 'computed' : 'cache',
    why,
    seconds,
    saved: saved ?? 0,
  };
}

/** What is going on, in words. */
const doing: Readonly<Record<CellKind, string>> = {
  data: 'reading and cleaning the source',
  features: 'computing the features',
  targets: 'making labels and windows',
  model: 'building the network',
  loss: 'scoring the untrained network',
};
