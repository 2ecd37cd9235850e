import { featuresSchema, type FeaturesConfig } from '#core/config/features.ts';
import { indicators } from '#core/features/registry.ts';

/**
 * A configuration with every indicator of the registry, at its defaults, on each of the timeframes, and `columns` of the
 * file.
 */
export function everyIndicator(timeframes: readonly string[], columns: object = {}): FeaturesConfig {
  const each = Object.fromEntries(indicators.map((indicator) => [indicator.name, {}]));
  return featuresSchema.parse({
    timeframes: Object.fromEntries(timeframes.map((name) => [name, each])),
    columns,
  }) as FeaturesConfig;
}
