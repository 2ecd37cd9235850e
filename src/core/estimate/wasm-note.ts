import { formatBytes } from '#core/bytes.ts';
import type { Config } from '#core/config/config.ts';
import type { EstimateInput } from './estimate.ts';
import { wasmMemoryLimit } from './limits.ts';
import { findFit } from './what-fits.ts';

/**
 * A warning where a training of `bytes` is too large for the wasm engine, the only one whose limit is known before a
 * run; null where it fits, or where another engine is named.
 */
export function wasmNote(config: Config, input: EstimateInput, bytes: number): string | null {
  const { engine } = config.train;
  if (bytes <= wasmMemoryLimit || (engine !== 'auto' && engine !== 'wasm')) return null;
  const fit = findFit(config, input, wasmMemoryLimit);
  const advice = fit
    ? `What would fit: ${fit.overrides.join(', ')} (${formatBytes(fit.bytes)}).`
    : 'No smaller batch, variant or lookback fits either.';
  return (
    `${formatBytes(bytes)} are more than the ${formatBytes(wasmMemoryLimit)} that the wasm engine holds: there this run ` +
    `would be refused. ${advice}`
  );
}
