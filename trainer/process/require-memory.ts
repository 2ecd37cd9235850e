import { formatBytes } from '#core/bytes.ts';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { AppError } from '#core/error.ts';
import { estimate, type EstimateInput } from '#core/estimate/estimate.ts';
import { findFit } from '#core/estimate/what-fits.ts';
import type { Engine } from '#trainer/engines/engine.ts';

/**
 * Refuses a training that the engine's memory will not hold, before it begins: `out_of_memory` with the estimate, the
 * limit and what would fit. Answers the estimate in bytes. An engine that tells no limit refuses nothing.
 */
export function requireMemory(
  config: Config,
  dataset: Dataset,
  { name, memoryLimit }: Pick<Engine, 'name' | 'memoryLimit'>,
): number {
  const input: EstimateInput = {
    features: dataset.names.length,
    baseStep: dataset.report.baseStep,
    warmup: dataset.report.warmupBars,
    rows: dataset.rows,
    trainSamples: dataset.samples.train.length,
  };
  // A batch is never larger than the split it is taken from.
  const batch = Math.max(1, Math.min(config.train.batch_size, dataset.samples.train.length));
  const real: Config = { ...config, train: { ...config.train, batch_size: batch } };
  const { bytes } = estimate(real, input);
  if (memoryLimit === null || bytes <= memoryLimit) return bytes;
  const { architecture, variant, lookback } = config.model;
  const fit = findFit(real, input, memoryLimit);
  const advice = fit
    ? `What would fit: ${fit.overrides.join(', ')} (${formatBytes(fit.bytes)}).`
    : 'No smaller batch, variant or lookback fits either: use fewer features or fewer bars.';
  const rest = `${architecture}, model.lookback ${lookback}, ${input.features} features`;
  // The page looks for the cell to change in the first word.
  const subject = fit?.overrides.every((override) => override.startsWith('train.'))
    ? `train.batch_size ${batch} with model.variant ${variant} (${rest})`
    : `model.variant ${variant} (${rest}) with train.batch_size ${batch}`;
  throw new AppError(
    'out_of_memory',
    `${subject} is estimated to need ${formatBytes(bytes)}; the ${name} engine holds ${formatBytes(memoryLimit)}. ${advice}`,
  );
}
