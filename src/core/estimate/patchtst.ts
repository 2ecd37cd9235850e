import type { ModelConfig } from '#core/config/model.ts';
import { countPatches, patchLength, patchtstSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

/** How many series a window is read as, and how many numbers of each bar they hold. */
function split({ channels }: ModelConfig, features: number): { readonly series: number; readonly columns: number } {
  return channels === 'independent' ? { series: features, columns: 1 } : { series: 1, columns: features };
}

export const patchtstSizing: Sizing = {
  /** P·c·d + d + N·d + n(4d² + 4d + 2d·dff + d + dff + 4d) + (N·d + 1)K, c = F where channels mix, else 1. */
  parameters(model, { features, outputs }) {
    const { width, hidden, layers } = patchtstSizes[model.variant];
    const patches = countPatches(model.lookback);
    const token = dense(patchLength(model.lookback) * split(model, features).columns, width) + patches * width;
    const layer = 4 * dense(width, width) + dense(width, hidden) + dense(hidden, width) + 4 * width;
    return token + layers * layer + dense(patches * width, outputs);
  },
  /** T(10d + 2dff) + 2 heads·T² a layer and series. */
  activations(model, features) {
    const { width, hidden, heads, layers } = patchtstSizes[model.variant];
    const patches = countPatches(model.lookback);
    const layer = patches * (10 * width + 2 * hidden) + 2 * heads * patches * patches;
    return split(model, features).series * layers * layer;
  },
  largest(model, features, batch) {
    const { width, hidden, heads } = patchtstSizes[model.variant];
    const patches = countPatches(model.lookback);
    const { series, columns } = split(model, features);
    const token = Math.max(width, hidden, heads * patches, patchLength(model.lookback) * columns);
    return batch * series * patches * token;
  },
  describe(variant) {
    const { width, hidden, heads, layers } = patchtstSizes[variant];
    return `${layers} attention layers of width ${width}, ${heads} heads, ${hidden} hidden units`;
  },
};
