import type { Config } from '#core/config/config.ts';
import { parseConfig } from '#core/config/config-file.ts';

/** The default configuration with whole groups' keys replaced; what stands between keys is not judged. */
export function configOf(groups: object = {}): Config {
  const { config, issues } = parseConfig(groups);
  if (config === null) throw new Error(JSON.stringify(issues));
  return config;
}

/** One hour's features only, so that small data is enough. */
export const smallFeatures = { timeframes: { '1h': { log_return: {}, realised_vol: {}, candle_shape: {} } } };
