import type { OptimizerOptions } from '#core/optimizers/registry.ts';
import type { Parameter } from '../models/model.ts';
import { adamwStep } from '#trainer/engines/ops/adamw-step.ts';
import { decayMask } from './decay-mask.ts';
import { slotsOf, type Optimizer } from './optimizer.ts';

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019). Slots: `m/<parameter>`, `v/<parameter>`.
 *
 *     m ← β1·m + (1−β1)·g;  v ← β2·v + (1−β2)·g²
 *     w ← w − lr·decay·w − lr · (m/(1−β1ᵗ)) / (√(v/(1−β2ᵗ)) + ε)
 *
 * The corrections are moved into two scalars (rate' = lr·√(1−β2ᵗ)/(1−β1ᵗ), ε' = ε·√(1−β2ᵗ)): fewer passes over the weights.
 */
export function buildAdamw(options: OptimizerOptions<'adamw'>, parameters: readonly Parameter[]): Optimizer {
  const { weight_decay, beta1, beta2, epsilon } = options;
  const decay = decayMask(parameters);
  return {
    slots: slotsOf(parameters, 'm', 'v'),
    kinds: 2,
    update({ weights, slots, grad, scale, step, learningRate }) {
      const correction = Math.sqrt(1 - beta2 ** step);
      const [w, m, v] = adamwStep(
        { w: weights, m: slots[0], v: slots[1], g: grad, decay, scale },
        {
          rate: (learningRate * correction) / (1 - beta1 ** step),
          epsilon: epsilon * correction,
          shrink: learningRate * weight_decay,
          beta1,
          beta2,
        },
      );
      return { weights: w, slots: [m, v] };
    },
    dispose: () => decay.dispose(),
  };
}
