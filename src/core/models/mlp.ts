import { dense } from './dense.ts';
import type { ModelDescriptor } from './descriptor.ts';

/** Dense widths after the flattened window of lookback × features values; a dense head of one unit a task follows. */
interface MlpSize {
  readonly units: readonly number[];
}

const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width, 0);

export const mlp: ModelDescriptor<MlpSize> = {
  title: 'MLP',
  summary: 'dense layers on the flattened window',
  sizes: {
    base: { units: [256, 128] },
    medium: { units: [512, 256, 128] },
    large: { units: [1024, 512, 256] },
  },
  options: {},
  shapedBy: ['lookback'],
  describe: ({ units }) => `dense layers of ${units.slice(0, -1).join(', ')} and ${units.at(-1)} units`,
  parameters({ units }, { lookback }, { features, outputs }) {
    const widths = [lookback * features, ...units, outputs];
    return sum(widths.slice(1).map((width, i) => dense(widths[i], width)));
  },
  /** The window and zeros for its gradient; for each layer its output before and after dropout, and three gradients. */
  training: ({ units }, { lookback }, features) => 2 * lookback * features + 5 * sum(units),
  forward: ({ units }, { lookback }, features) => lookback * features + sum(units),
};
