import type { ScoreParts } from '#core/metrics/score-parts.ts';

/** What kind of numbers labels are. Each loss says which kinds it can be used with. */
export type ScaleName = 'value' | 'binary';

/** What labels are standardised by: (label − mean)/sd. */
export interface Standard {
  readonly mean: number;
  readonly sd: number;
}

/** Everything that depends on the kind of numbers that labels are, and not on what they measure. */
export interface Scale {
  readonly name: ScaleName;
  /** Labels above it are "up", those below "down". */
  readonly middle: number;
  /** Metrics that may choose the checkpoint called best, besides the loss; they are among those of `score`. */
  readonly selectors: readonly string[];
  /** The standard of the labels of the train rows. */
  fit(labels: Float64Array, train: Int32Array): Standard;
  /** Raw outputs of a model in target units. */
  toUnits(outputs: Float64Array, standard: Standard): Float64Array;
  /** The best constant forecast for the train rows, in target units. */
  constant(labels: Float64Array, train: Int32Array, standard: Standard): number;
  /** The nearest forecast that is possible, in target units: a probability stays between 0 and 1. */
  confine(forecast: number): number;
  /** Scores of forecasts against labels, both in target units and without NaN, but for those of their side. */
  parts(predicted: Float64Array, actual: Float64Array, standard: Standard): ScoreParts;
}
