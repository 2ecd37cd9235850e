import type { OptimizerName, OptimizerOptions } from '#core/optimizers/registry.ts';
import type { Parameter } from '../models/model.ts';
import type { Optimizer } from './optimizer.ts';
import { optimizerBuilders } from './registry.ts';

/** Options by name, each with its own name as `kind`. */
type Named<Name extends OptimizerName> = { [Each in Name]: OptimizerOptions<Each> & { readonly kind: Each } }[Name];

/** The optimizer of a configuration, for parameters in this order. */
export function buildOptimizer<Name extends OptimizerName>(
  config: Named<Name>,
  parameters: readonly Parameter[],
): Optimizer {
  const name: Name = config.kind;
  return optimizerBuilders[name](config, parameters);
}
