import { configSchema, type Config } from '#core/config/config.ts';

/** The default configuration with whole groups' keys replaced; losses are not needed for a dataset. */
export function configOf(groups: object = {}): Config {
  return configSchema.parse(groups) as Config;
}

/** One hour's features only, so that small data is enough. */
export const smallFeatures = { timeframes: { '1h': { log_return: {}, realised_vol: {}, candle_shape: {} } } };
