import type { ModelConfig } from '#core/config/model.ts';
import { tsmixerSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

/** Numbers a sample: L(F·(windows·nb + 7) + ff·hidden·nb + 4nb), the seven for what stands around the blocks. */
function count(
  { lookback, variant }: ModelConfig,
  features: number,
  held: { readonly windows: number; readonly hidden: number },
): number {
  const { hidden, blocks } = tsmixerSizes[variant];
  return lookback * (features * (held.windows * blocks + 7) + (held.hidden * hidden + 4) * blocks);
}

export const tsmixerSizing: Sizing = {
  /** nb(L² + L + 2F·ff + ff + F + 4F) + (L + 1)K. */
  parameters({ lookback, variant }, { features, outputs }) {
    const { hidden, blocks } = tsmixerSizes[variant];
    const block = dense(lookback, lookback) + dense(features, hidden) + dense(hidden, features) + 4 * features;
    return blocks * block + dense(lookback, outputs);
  },
  /**
   * A block keeps two norms, four transposes, dense outputs, dropouts and sums, ten windows with their gradients; five of the
   * hidden width; and two statistics of each step, twice.
   */
  training: (model, features) => count(model, features, { windows: 20, hidden: 5 }),
  forward: (model, features) => count(model, features, { windows: 8, hidden: 1 }),
  describe(variant) {
    const { hidden, blocks } = tsmixerSizes[variant];
    return `${blocks} mixing blocks with ${hidden} hidden units`;
  },
};
