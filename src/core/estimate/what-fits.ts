import type { ModelConfig } from '#core/config/model.ts';
import { variants } from '#core/models/variant.ts';
import { estimate, type EstimateInput, type SizedConfig } from './estimate.ts';

/** A change of the configuration with which a training fits: overrides as a person would write them. */
interface Fit {
  /** E.g. ["model.variant=base", "train.batch_size=128"]. */
  readonly overrides: readonly string[];
  /** Its estimate. */
  readonly bytes: number;
}

const smallestLookback = 8;

/**
 * The smallest change that brings the estimate to `limit` bytes or fewer: the largest power of two as batch size for
 * this model; where no batch fits, the next smaller variant that has one; then half the lookback, and half again, with
 * this variant and with smaller ones. Null where nothing of it fits, as when the features alone fill the memory.
 */
export function findFit(config: SizedConfig, input: EstimateInput, limit: number): Fit | null {
  const { model } = config;
  const smaller = variants.slice(0, variants.indexOf(model.variant) + 1).toReversed();
  for (let lookback = model.lookback; lookback >= smallestLookback; lookback = Math.floor(lookback / 2)) {
    for (const variant of smaller) {
      const fit = findBatch(config, { ...model, lookback, variant }, input, limit);
      if (fit !== null) return fit;
    }
  }
  return null;
}

/** The largest batch with which a model fits: that of the configuration, else a power of two. */
function findBatch(config: SizedConfig, model: ModelConfig, input: EstimateInput, limit: number): Fit | null {
  const given = config.train.batch_size;
  for (let size = given; size >= 1; size = 2 ** (Math.ceil(Math.log2(size)) - 1)) {
    const { bytes } = estimate({ ...config, model, train: { ...config.train, batch_size: size } }, input);
    if (bytes <= limit) {
      const changes: Readonly<Record<string, readonly [unknown, unknown]>> = {
        'model.variant': [config.model.variant, model.variant],
        'model.lookback': [config.model.lookback, model.lookback],
        'train.batch_size': [given, size],
      };
      const changed = Object.entries(changes).filter(([, [before, after]]) => before !== after);
      return { overrides: changed.map(([key, [, after]]) => `${key}=${String(after)}`), bytes };
    }
  }
  return null;
}
