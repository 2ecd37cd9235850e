import type { ModelConfig } from '#core/config/model.ts';
import { countPatches, patchLength, patchStride, patchtstSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

/** How many series a window is read as, and how many numbers of each bar they hold. */
function split({ channels }: ModelConfig, features: number): { readonly series: number; readonly columns: number } {
  return channels === 'independent' ? { series: features, columns: 1 } : { series: 1, columns: features };
}

/** How many of each are held: tokens [N, d] and [N, dff] a layer, tokens besides, and patches as they are cut. */
interface Held {
  readonly tokens: number;
  readonly extra: number;
  readonly hidden: number;
  readonly cuts: number;
}

/** Numbers a sample: series·(N·(d·tokens + dff·hidden)·n + n·heads·N² + cuts·N·16c + 3 windows and the padded one). */
function count(model: ModelConfig, features: number, held: Held): number {
  const { width, hidden, heads, layers } = patchtstSizes[model.variant];
  const { series, columns } = split(model, features);
  const { lookback } = model;
  const patches = countPatches(lookback);
  const tokens = patches * ((held.tokens * layers + held.extra) * width + held.hidden * layers * hidden);
  const windows = (4 * lookback + patchStride) * columns + held.cuts * patches * patchLength(lookback) * columns;
  return series * (tokens + layers * heads * patches * patches + windows);
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
  /**
   * 24 tokens a layer: 12 that it makes (q, k, v, what was seen, three dense layers' outputs, dropouts, sums, norms) with their
   * gradients; two of the hidden width with theirs; and the weights of the attention.
   */
  training: (model, features) => count(model, features, { tokens: 24, extra: 3, hidden: 4, cuts: 2 }),
  forward: (model, features) => count(model, features, { tokens: 10, extra: 2, hidden: 2, cuts: 1 }),
  describe(variant) {
    const { width, hidden, heads, layers } = patchtstSizes[variant];
    return `${layers} attention layers of width ${width}, ${heads} heads, ${hidden} hidden units`;
  },
};
