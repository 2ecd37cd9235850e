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

/** Size of a run before anything is trained (MODELS.md). */
export interface Estimate {
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
  /** Memory of the training in bytes: see `estimateBytes`. */
  readonly bytes: number;
  /** What is worth a second look, in words. */
  readonly notes: readonly string[];
}

/**
 * What a run of this configuration comes to, from what is known of its data.
 *
 * @example
 * const { parameters, bytes } = estimate(defaultConfig(), { features: 18, baseStep: 3_600_000, warmup: 400 });
 */
export function estimate(config: Config, input: EstimateInput): Estimate {
  const { model, targets } = config;
  const outputs = Object.keys(targets.tasks).length;
  const parameters = countParameters(model, { features: input.features, outputs });
  const network = modelOf(model.architecture);
  const field = network.reach?.(network.sizes[model.variant]);
  const contextBars = Math.min(model.lookback, field ?? Infinity);
  return {
    parameters,
    contextBars,
    contextMs: contextBars * input.baseStep,
    reachMs: (model.lookback + input.warmup) * input.baseStep,
    ...(field === undefined ? {} : { receptiveField: field }),
    bytes: estimateBytes(config, input, parameters),
    notes: notesOn(config, input, parameters),
  };
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
function estimateBytes({ model, train }: Config, { features, rows = 0 }: EstimateInput, parameters: number): number {
  const { training, forward } = countActivations(model, features);
  const step = 8 * parameters + train.batch_size * training;
  const scoring = 5 * parameters + evaluationBatch * forward;
  return Math.ceil(4 * scratch * (rows * features + Math.max(step, scoring)));
}

function notesOn({ model, train }: Config, input: EstimateInput, parameters: number): readonly string[] {
  const network = modelOf(model.architecture);
  const notes = [...(network.notes?.(network.sizes[model.variant], model, input.features) ?? [])];
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
