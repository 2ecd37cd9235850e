import type { ModelConfig } from '#core/config/model.ts';
import type { NamedArray } from '../data/named-array.ts';
import { buildDlinear } from './dlinear.ts';
import { buildGru } from './gru.ts';
import { initialize } from './initializer.ts';
import { buildLstm } from './lstm.ts';
import { buildMlp } from './mlp.ts';
import type { Model, ModelShape } from './model.ts';
import { buildNlinear } from './nlinear.ts';
import { buildPatchtst } from './patchtst.ts';
import { buildTcn } from './tcn.ts';
import { buildTsmixer } from './tsmixer.ts';

const builders: Readonly<Record<ModelConfig['architecture'], (config: ModelConfig, shape: ModelShape) => Model>> = {
  mlp: buildMlp,
  tcn: buildTcn,
  gru: buildGru,
  lstm: buildLstm,
  tsmixer: buildTsmixer,
  patchtst: buildPatchtst,
  dlinear: buildDlinear,
  nlinear: buildNlinear,
};

/** The network of a configuration; `shape.lookback` is that of the data set (equal to `config.lookback`). */
export function buildModel(config: ModelConfig, shape: ModelShape): Model {
  return builders[config.architecture](config, shape);
}

/** Starting weights, in the order of `model.parameters`; a function of the seed alone. */
export function initialWeights(model: Model, seed: number): NamedArray[] {
  return model.parameters.map(({ name, shape, initializer }, index) => ({
    name,
    shape,
    data: initialize(initializer, shape, seed, index),
  }));
}
