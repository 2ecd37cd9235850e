import type { OptimizerName, OptimizerOptions } from '#core/optimizers/registry.ts';
import type { Parameter } from '../models/model.ts';
import { buildAdamw } from './adamw.ts';
import type { Optimizer } from './optimizer.ts';
import { buildSgd } from './sgd.ts';

type Builders = {
  readonly [Name in OptimizerName]: (options: OptimizerOptions<Name>, parameters: readonly Parameter[]) => Optimizer;
};

/** What computes each optimizer that src/core/optimizers names. */
export const optimizerBuilders: Builders = { adamw: buildAdamw, sgd: buildSgd };
