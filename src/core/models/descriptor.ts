import type { NoOptions, OptionShape, OptionValues } from '#core/owned-options.ts';
import type { Variant } from './variant.ts';

/** What the model cell says of every network. */
type ModelSettings = {
  readonly variant: Variant;
  /** Bars in a window. */
  readonly lookback: number;
  readonly dropout: number;
};

/** What the data adds to a model's size: columns of its input and numbers it puts out. */
export interface ModelWidths {
  readonly features: number;
  readonly outputs: number;
}

type Settings<Options> = ModelSettings & OptionValues<Options>;

/**
 * What page, configuration and estimates know of one network (MODELS.md). Each lives in a file of its own and is a line
 * in registry.ts; its other half, which builds it, is in trainer/ml/models.
 */
export interface ModelDescriptor<Size = unknown, Options extends OptionShape = NoOptions> {
  /** Short human name, e.g. "GRU". */
  readonly title: string;
  /** What it is in half a sentence, e.g. "dense layers on the flattened window". */
  readonly summary: string;
  /** Widths and depths of each variant: the model is built from these, the estimates are counted from them. */
  readonly sizes: Readonly<Record<Variant, Size>>;
  /** Keys of the model cell that this network reads besides those of all. Networks that share one share its schema. */
  readonly options: Options;
  /**
   * Keys of the model cell, besides the variant, that decide the shapes of its weights: a fork that starts from a
   * checkpoint must leave them unchanged.
   */
  readonly shapedBy: readonly ('lookback' | (keyof Options & string))[];
  /** True where an output is a linear function of the window, so that no interaction of two values can be learned. */
  readonly isLinear?: true;
  /** Which form of the network this is: raised when the weights of the form before would compute something else. Absent: 1. */
  version?(settings: Settings<Options>): number;
  /** A size in words, e.g. "dense layers of 256 and 128 units". */
  describe(size: Size): string;
  /** Trainable numbers. */
  parameters(size: Size, settings: Settings<Options>, widths: ModelWidths): number;
  /**
   * Numbers held for one sample at the fullest moment of a training step, the window included. TensorFlow.js frees the
   * gradient of an activation only at the end of the backward pass, so each layer counts twice: its activations and
   * their gradient.
   */
  training(size: Size, settings: Settings<Options>, features: number): number;
  /**
   * Numbers held for one sample at the end of a forward pass without training: all of it is freed together, at its end.
   */
  forward(size: Size, settings: Settings<Options>, features: number): number;
  /** Bars that one output can use; absent where it is the whole window, whatever its length. */
  reach?(size: Size): number;
  /** What is worth a second look, in sentences. */
  notes?(size: Size, settings: Settings<Options>, features: number): readonly string[];
}
