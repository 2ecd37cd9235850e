import { formatBytes } from '#core/bytes.ts';
import { engineOf, fallbackEngine } from '#core/engines/registry.ts';
import type { EstimateInput, SizedConfig } from './estimate.ts';
import { findFit } from './what-fits.ts';

/**
 * A warning where a training of `bytes` is too large for the named engine, or, where none is named, for the engine that
 * every machine has. Null where it fits, and for an engine whose limit is not known before a run.
 */
export function engineNote(config: SizedConfig, input: EstimateInput, bytes: number): string | null {
  const name = config.train.engine === 'auto' ? fallbackEngine : config.train.engine;
  const { memoryLimit } = engineOf(name);
  if (memoryLimit === null || bytes <= memoryLimit) return null;
  const fit = findFit(config, input, memoryLimit);
  const advice = fit
    ? `What would fit: ${fit.overrides.join(', ')} (${formatBytes(fit.bytes)}).`
    : 'No smaller batch, variant or lookback fits either.';
  return (
    `${formatBytes(bytes)} are more than the ${formatBytes(memoryLimit)} that the ${name} engine holds: there this run ` +
    `would be refused. ${advice}`
  );
}
