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
  /** Numbers kept for the backward pass a sample, besides the window: what each layer puts out. */
  activations(model: ModelConfig, features: number): number;
  /** Numbers of the largest single tensor of a step, besides the batch of windows. */
  largest(model: ModelConfig, features: number, batch: number): number;
  /** The widths and depths of a variant in words, e.g. "dense layers of 256 and 128 units". */
  describe(variant: Variant): string;
}

/** Trainable numbers of a dense layer with bias. */
export function dense(from: number, to: number): number {
  return from * to + to;
}
