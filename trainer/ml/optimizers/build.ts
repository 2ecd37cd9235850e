import type { TrainConfig } from '#core/config/train.ts';
import { assertNever } from '#core/error.ts';
import type { Parameter } from '../models/model.ts';
import { adamw } from './adamw.ts';
import type { Optimizer } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** The optimizer of a configuration, for parameters in this order. */
export function buildOptimizer(config: TrainConfig['optimizer'], parameters: readonly Parameter[]): Optimizer {
  switch (config.kind) {
    case 'adamw':
      return adamw(config, parameters);
    case 'sgd':
      return sgd(config, parameters);
    default:
      return assertNever(config);
  }
}
