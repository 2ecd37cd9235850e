import { dense } from './dense.ts';
import type { ModelDescriptor } from './descriptor.ts';

/** Blocks that mix over time, then over features through `hidden` units. */
interface TsmixerSize {
  readonly hidden: number;
  readonly blocks: number;
}

/** Numbers a sample: L(F·(windows·nb + 7) + ff·hidden·nb), the seven for what stands around the blocks. */
function count(
  { hidden, blocks }: TsmixerSize,
  lookback: number,
  features: number,
  held: { readonly windows: number; readonly hidden: number },
): number {
  return lookback * (features * (held.windows * blocks + 7) + held.hidden * hidden * blocks);
}

export const tsmixer: ModelDescriptor<TsmixerSize> = {
  title: 'TSMixer',
  summary: 'dense layers over time and over features in turn',
  sizes: {
    base: { hidden: 64, blocks: 2 },
    medium: { hidden: 128, blocks: 4 },
    large: { hidden: 256, blocks: 8 },
  },
  options: {},
  shapedBy: ['lookback'],
  describe: ({ hidden, blocks }) => `${blocks} mixing blocks with ${hidden} hidden units`,
  /** Normalises over time and features, and its head reads all features: until version 2 it did neither. */
  version: () => 2,
  /** nb(L² + L + 2F·ff + ff + F + 4L·F) + (L·F + 1)K. */
  parameters({ hidden, blocks }, { lookback }, { features, outputs }) {
    const window = lookback * features;
    const block = dense(lookback, lookback) + dense(features, hidden) + dense(hidden, features) + 4 * window;
    return blocks * block + dense(window, outputs);
  },
  /**
   * A block keeps two norms, four transposes, dense outputs, dropouts and sums, ten windows with their gradients; and five of
   * the hidden width.
   */
  training: (size, { lookback }, features) => count(size, lookback, features, { windows: 20, hidden: 5 }),
  forward: (size, { lookback }, features) => count(size, lookback, features, { windows: 8, hidden: 1 }),
};
