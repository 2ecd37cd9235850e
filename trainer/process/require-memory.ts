import { formatBytes } from '#core/bytes.ts';
import type { Config } from '#core/config/config.ts';
import type { Dataset } from '#core/dataset/dataset.ts';
import { AppError } from '#core/error.ts';
import { estimate, type EstimateInput } from '#core/estimate/estimate.ts';
import { findFit } from '#core/estimate/what-fits.ts';
import type { Engine } from '#trainer/engines/engine.ts';

/** What a training on this data set is sized by: a batch is never larger than the split it is taken from. */
function sizeOf(config: Config, dataset: Dataset): { readonly real: Config; readonly input: EstimateInput } {
  const input: EstimateInput = {
    features: dataset.names.length,
    baseStep: dataset.report.baseStep,
    warmup: dataset.report.warmupBars,
    rows: dataset.rows,
    trainSamples: dataset.samples.train.length,
  };
  const batch_size = Math.max(1, Math.min(config.train.batch_size, dataset.samples.train.length));
  return { real: { ...config, train: { ...config.train, batch_size } }, input };
}

/** Bytes that a training on this data set is estimated to need. */
export function expectedBytes(config: Config, dataset: Dataset): number {
  const { real, input } = sizeOf(config, dataset);
  return estimate(real, input).bytes;
}

/**
 * Refuses a training that the engine's memory will not hold, before it begins: `out_of_memory` with the estimate, the
 * limit and what would fit. Answers the estimate in bytes. An engine that tells no limit refuses nothing.
 */
export function requireMemory(
  config: Config,
  dataset: Dataset,
  { name, memoryLimit }: Pick<Engine, 'name' | 'memoryLimit'>,
): number {
  const { real, input } = sizeOf(config, dataset);
  const { bytes } = estimate(real, input);
  if (memoryLimit === null || bytes <= memoryLimit) return bytes;
  const batch = real.train.batch_size;
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
