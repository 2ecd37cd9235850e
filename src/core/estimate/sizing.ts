import type { ModelConfig, Variant } from '#core/config/model.ts';

/** What the data adds to a model's size: columns of its input and numbers it puts out. */
export interface ModelWidths {
  readonly features: number;
  readonly outputs: number;
}

/** Size of one architecture, counted without building it (DOMAIN 7). */
export interface Sizing {
  /** Trainable numbers. */
  parameters(model: ModelConfig, widths: ModelWidths): number;
  /**
   * Numbers a sample that a training step holds at its fullest, the window included. TensorFlow.js frees the gradient of an
   * activation only when the whole backward pass is through, so a layer counts twice: what it kept, and its gradient.
   */
  training(model: ModelConfig, features: number): number;
  /** Numbers a sample that a forward pass without training holds at its end, where all it made is freed at once. */
  forward(model: ModelConfig, features: number): number;
  /** The widths and depths of a variant in words, e.g. "dense layers of 256 and 128 units". */
  describe(variant: Variant): string;
}

/** Trainable numbers of a dense layer with bias. */
export function dense(from: number, to: number): number {
  return from * to + to;
}
