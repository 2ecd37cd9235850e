import { mlpSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width, 0);

export const mlpSizing: Sizing = {
  parameters({ lookback, variant }, { features, outputs }) {
    const widths = [lookback * features, ...mlpSizes[variant].units, outputs];
    return sum(widths.slice(1).map((width, i) => dense(widths[i], width)));
  },
  /** The window and zeros for its gradient; of a layer what it puts out, before and after dropout, and three gradients. */
  training: ({ lookback, variant }, features) => 2 * lookback * features + 5 * sum(mlpSizes[variant].units),
  forward: ({ lookback, variant }, features) => lookback * features + sum(mlpSizes[variant].units),
  describe(variant) {
    const { units } = mlpSizes[variant];
    return `dense layers of ${units.slice(0, -1).join(', ')} and ${units.at(-1)} units`;
  },
};
