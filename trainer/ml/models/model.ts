import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelConfig } from '#core/config/model.ts';
import type { NamedArray } from '../data/named-array.ts';
import type { Dropout } from './dropout.ts';
import type { Initializer } from './initializer.ts';

/** What goes in and comes out: windows [B, lookback, features] → [B, outputs], one output a task. */
export interface ModelShape {
  readonly lookback: number;
  readonly features: number;
  readonly outputs: number;
}

/** One trainable array. Its place in `Model.parameters` is its place in every list of weights. */
export interface Parameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Whether weight decay applies: kernels yes, biases no. */
  readonly decay: boolean;
}

/** A network as a pure function of its weights; it owns no tensors. */
export type Model = Network & (StandardNetwork | GraphNetwork);

interface Network {
  readonly shape: ModelShape;
  readonly parameters: readonly Parameter[];
  /**
   * Raw outputs [B, outputs] in the order of the tasks: a standardised return, or the logit of a direction. `weights`
   * are in the order of `parameters`; call inside `tf.tidy`.
   */
  forward(weights: readonly tf.Tensor[], x: tf.Tensor3D, dropout: Dropout): tf.Tensor2D;
}

/** A network that standard layers can say. */
export interface StandardNetwork {
  /**
   * The same function as a standard layers model, for export: input `window` [B, lookback, features] of scaled
   * features, one output [B, outputs]. Its weights stand in the order of `parameters`. The caller disposes it.
   */
  toLayersModel(weights: readonly NamedArray[]): LayersModel;
}

/** A value that a graph needs besides the weights: an axis, a shape, a small number. */
export interface GraphConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly data: Float32Array | Int32Array;
}

/** Network as a TensorFlow graph, without its weights: what a TensorFlow.js graph model has in `modelTopology`. */
export interface Graph {
  readonly topology: unknown;
  /** Behind the weights of the model, which stand in the order of its parameters. */
  readonly constants: readonly GraphConstant[];
}

/** A network that standard layers cannot say: it is exported as a graph of plain operations. */
export interface GraphNetwork {
  /** The same function: input `window` [B, lookback, features], one output [B, outputs]. */
  toGraph(): Graph;
}

/** Builds a network for windows of `shape`; `shape.lookback` is that of the data set (equal to `config.lookback`). */
export type BuildModel = (config: ModelConfig, shape: ModelShape) => Model;

/** Number of trainable values. */
export function countParameters(model: Model): number {
  return model.parameters.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
}
