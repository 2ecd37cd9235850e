import { tsmixerSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

export const tsmixerSizing: Sizing = {
  /** nb(L² + L + 2F·ff + ff + F + 4F) + (L + 1)K. */
  parameters({ lookback, variant }, { features, outputs }) {
    const { hidden, blocks } = tsmixerSizes[variant];
    const block = dense(lookback, lookback) + dense(features, hidden) + dense(hidden, features) + 4 * features;
    return blocks * block + dense(lookback, outputs);
  },
  activations({ lookback, variant }, features) {
    const { hidden, blocks } = tsmixerSizes[variant];
    return blocks * (3 * lookback * features + lookback * (2 * hidden + 3 * features));
  },
  largest({ lookback, variant }, features, batch) {
    return Math.max(lookback * lookback, batch * lookback * Math.max(features, tsmixerSizes[variant].hidden));
  },
  describe(variant) {
    const { hidden, blocks } = tsmixerSizes[variant];
    return `${blocks} mixing blocks with ${hidden} hidden units`;
  },
};
