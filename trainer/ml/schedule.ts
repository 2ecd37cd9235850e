import type { TrainConfig } from '#core/config/train.ts';
import { assertNever } from '#core/error.ts';

/** Learning rate of step 1 … `steps`. */
type Schedule = (step: number) => number;

/**
 * Rises linearly over the first `warmup` share of all steps, then stays (`constant`) or falls to zero along half a cosine
 * (Loshchilov and Hutter 2017). The first step already has a rate above zero; the last of a cosine has the smallest.
 */
export function buildSchedule(config: TrainConfig['schedule'], base: number, steps: number): Schedule {
  const rising = Math.floor(config.warmup * steps);
  return (step) => {
    if (step <= rising) return (base * step) / rising;
    switch (config.kind) {
      case 'constant':
        return base;
      case 'cosine':
        return base * 0.5 * (1 + Math.cos((Math.PI * (step - rising - 1)) / Math.max(1, steps - rising)));
      default:
        return assertNever(config.kind);
    }
  };
}
