import { mlpSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

export const mlpSizing: Sizing = {
  parameters({ lookback, variant }, { features, outputs }) {
    const widths = [lookback * features, ...mlpSizes[variant].units, outputs];
    return widths.slice(1).reduce((sum, width, i) => sum + dense(widths[i], width), 0);
  },
  /** Before and after the activation, and the dropout mask. */
  activations: ({ variant }) => 3 * mlpSizes[variant].units.reduce((sum, width) => sum + width, 0),
  largest({ lookback, variant }, features, batch) {
    const { units } = mlpSizes[variant];
    return Math.max(lookback * features * units[0], batch * Math.max(...units));
  },
  describe(variant) {
    const { units } = mlpSizes[variant];
    return `dense layers of ${units.slice(0, -1).join(', ')} and ${units.at(-1)} units`;
  },
};
