import type { ModelConfig } from '#core/config/model.ts';
import type { NamedArray } from '../data/named-array.ts';
import { initialize } from './initializer.ts';
import type { Model, ModelShape } from './model.ts';
import { modelBuilders } from './registry.ts';

/**
 * The network of a configuration; `shape.lookback` is that of the data set (equal to `config.lookback`).
 *
 * @example
 * const model = buildModel(defaultConfig().model, { lookback: 64, features: 18, outputs: 2 });
 * const weights = initialWeights(model, 1);
 * weights[0].shape; // [1152, 256]: the window, flattened, to the first dense layer
 */
export function buildModel(config: ModelConfig, shape: ModelShape): Model {
  return modelBuilders[config.architecture](config, shape);
}

/** Starting weights, in the order of `model.parameters`; a function of the seed alone. */
export function initialWeights(model: Model, seed: number): NamedArray[] {
  return model.parameters.map(({ name, shape, initializer }, index) => ({
    name,
    shape,
    data: initialize(initializer, shape, seed, index),
  }));
}
