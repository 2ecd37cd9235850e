import type { Config } from '#core/config/config.ts';
import { countActivations, countParameters, largestTensor } from './parameters.ts';
import { receptiveField } from './tcn.ts';

/** What is known of the data and the features. */
export interface EstimateInput {
  /** Columns of the model's input. */
  readonly features: number;
  /** Distance of two bars of the base timeframe, ms. */
  readonly baseStep: number;
  /** Longest warm-up of the features, bars of the base timeframe. */
  readonly warmup: number;
  /** Rows of the bars, where the data has been read. */
  readonly rows?: number;
  /** Samples of the train split, where the data has been read. */
  readonly trainSamples?: number;
}

/** Size of a run before anything is trained (DOMAIN 7). */
export interface Estimate {
  /** Trainable numbers. */
  readonly parameters: number;
  /** Bars that one prediction can use: the lookback, or less where the network does not reach so far. */
  readonly contextBars: number;
  /** The same as time, ms. */
  readonly contextMs: number;
  /** How far back a prediction reaches through its features: the window and the longest warm-up, ms. */
  readonly reachMs: number;
  /** Bars that the convolutions span; TCN only. */
  readonly receptiveField?: number;
  /** Memory of the training in bytes (float32: weights, gradients, moments, activations, data, scratch; × 1.3). */
  readonly bytes: number;
  /** What is worth a second look, in words. */
  readonly notes: readonly string[];
}

export function estimate(config: Config, input: EstimateInput): Estimate {
  const { model, train, targets } = config;
  const outputs = Object.keys(targets.tasks).length;
  const parameters = countParameters(model, { features: input.features, outputs });
  const field = model.architecture === 'tcn' ? receptiveField(model) : undefined;
  const contextBars = Math.min(model.lookback, field ?? Infinity);
  const activations = countActivations(model, input.features);
  const numbers =
    4 * parameters +
    train.batch_size * activations +
    (input.rows ?? 0) * input.features +
    2 * largestTensor(model, input.features, train.batch_size);
  return {
    parameters,
    contextBars,
    contextMs: contextBars * input.baseStep,
    reachMs: (model.lookback + input.warmup) * input.baseStep,
    ...(field === undefined ? {} : { receptiveField: field }),
    bytes: Math.ceil(4 * numbers * 1.3),
    notes: notesOn(config, input, parameters, field),
  };
}

function notesOn({ model, train }: Config, input: EstimateInput, parameters: number, field?: number): string[] {
  const notes: string[] = [];
  if (field !== undefined && field < model.lookback) {
    notes.push(`The convolutions span ${field} bars; the ${model.lookback - field} oldest of the window are unused.`);
  }
  if (field !== undefined && field > 2 * model.lookback) {
    notes.push(
      `The convolutions span ${field} bars, more than twice the window of ${model.lookback}: much is padding.`,
    );
  }
  if ((model.architecture === 'gru' || model.architecture === 'lstm') && model.lookback > 256) {
    const name = model.architecture.toUpperCase();
    notes.push(`The ${name} takes ${model.lookback} steps one after another: expect slow epochs beyond 256.`);
  }
  if (model.architecture === 'patchtst' && model.channels === 'independent' && input.features > 8) {
    notes.push(
      `Each of ${input.features} features is a series of its own, at ${input.features} times the work and memory: ` +
        'model.channels=mixing puts them into one.',
    );
  }
  if (model.architecture === 'tsmixer' && input.features === 1) {
    notes.push('TSMixer normalises across features: with a single one its blocks see nothing. Give it more columns.');
  }
  const { trainSamples } = input;
  if (trainSamples !== undefined && trainSamples > 0) {
    const ratio = parameters / trainSamples;
    if (ratio > 1)
      notes.push(`${Number(ratio.toPrecision(2))} parameters a train sample: expect it to learn by heart.`);
    if (trainSamples < 10 * train.batch_size) {
      notes.push(`${trainSamples} train samples are fewer than ten batches of ${train.batch_size}.`);
    }
  }
  return notes;
}
