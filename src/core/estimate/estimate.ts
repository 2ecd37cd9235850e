import { fewBatchesNote } from '#core/dataset/few-batches.ts';
import type { Config } from '#core/config/config.ts';
import { modelOf } from '#core/models/registry.ts';
import { evaluationBatch } from './limits.ts';
import { countActivations, countParameters } from './parameters.ts';

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

/** The cells that the size of a run depends on. */
export type SizedConfig = Pick<Config, 'model' | 'targets' | 'train'>;

/** Size of a network before it is trained (MODELS.md). */
interface NetworkEstimate {
  /** Trainable numbers. */
  readonly parameters: number;
  /** Bars that one prediction can use: the lookback, or less where the network does not reach so far. */
  readonly contextBars: number;
  /** The same as time, ms. */
  readonly contextMs: number;
  /** How far back a prediction reaches through its features: the window and the longest warm-up, ms. */
  readonly reachMs: number;
  /** Bars that the network spans, where that does not depend on the lookback. */
  readonly receptiveField?: number;
  /** What is worth a second look, in words. */
  readonly notes: readonly string[];
}

/** Size of a run before anything is trained. */
interface Estimate extends NetworkEstimate {
  /** Memory of the training in bytes: see `estimateBytes`. */
  readonly bytes: number;
}

/** What the network alone comes to, whatever trains it. */
export function estimateNetwork(
  { model, targets }: Pick<Config, 'model' | 'targets'>,
  input: EstimateInput,
): NetworkEstimate {
  const outputs = Object.keys(targets.tasks).length;
  const parameters = countParameters(model, { features: input.features, outputs });
  const reach = contextOf(model);
  const network = modelOf(model.architecture);
  return {
    parameters,
    contextBars: reach.bars,
    contextMs: reach.bars * input.baseStep,
    reachMs: (model.lookback + input.warmup) * input.baseStep,
    ...(reach.receptiveField === undefined ? {} : { receptiveField: reach.receptiveField }),
    notes: [
      ...(network.notes?.(network.sizes[model.variant], model, input.features) ?? []),
      ...learnedByHeart(parameters, input),
    ],
  };
}

/** Bars that one prediction can use, and that the network spans where that does not depend on the lookback. */
export function contextOf(model: Config['model']): { readonly bars: number; readonly receptiveField?: number } {
  const network = modelOf(model.architecture);
  const receptiveField = network.reach?.(network.sizes[model.variant]);
  return receptiveField === undefined
    ? { bars: model.lookback }
    : { bars: Math.min(model.lookback, receptiveField), receptiveField };
}

/**
 * What a run of this configuration comes to, from what is known of its data.
 *
 * @example
 * const { parameters, bytes } = estimate(defaultConfig(), { features: 18, baseStep: 3_600_000, warmup: 400 });
 */
export function estimate(config: SizedConfig, input: EstimateInput): Estimate {
  const network = estimateNetwork(config, input);
  const bytes = estimateBytes(config, input, network.parameters);
  return { ...network, bytes, notes: [...network.notes, ...fewBatches(config.train, input)] };
}

/** Room for what is not counted: packed copies of weights, partial sums, labels. */
const scratch = 1.1;

/**
 * Bytes of float32 that training takes at its fullest, which is within a step or while a split is scored, in batches of
 * their own size:
 *
 *     4·1.1·(N·F + max(8P + B·training, 5P + 256·forward))
 *
 * N·F are the features, which lie on the engine. A step holds up to eight times the P weights: weights, both moments and the
 * mask of decay as flat buffers, and beside them either the weights cut apart, their gradients and these joined, or the
 * joined gradient and the new weights and moments. Scoring needs the first four and the weights cut apart. Activations are
 * counted as the kernels of wasm and webgpu make them; native, which has none of ours, makes more.
 */
function estimateBytes(
  { model, train }: SizedConfig,
  { features, rows = 0 }: EstimateInput,
  parameters: number,
): number {
  const { training, forward } = countActivations(model, features);
  const step = 8 * parameters + train.batch_size * training;
  const scoring = 5 * parameters + evaluationBatch * forward;
  return Math.ceil(4 * scratch * (rows * features + Math.max(step, scoring)));
}

function learnedByHeart(parameters: number, { trainSamples = 0 }: EstimateInput): readonly string[] {
  if (trainSamples === 0 || parameters <= trainSamples) return [];
  const ratio = Number((parameters / trainSamples).toPrecision(2));
  return [`${ratio} parameters a train window: expect it to learn by heart.`];
}

function fewBatches({ batch_size }: Config['train'], { trainSamples = 0 }: EstimateInput): readonly string[] {
  const note = trainSamples === 0 ? null : fewBatchesNote(trainSamples, batch_size);
  return note === null ? [] : [`${note}.`];
}
