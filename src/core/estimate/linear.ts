import { linearSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

/** `maps` linear maps over time, shared by the features, and a head on what they put out for each. */
function linear(maps: number): Sizing {
  return {
    parameters({ lookback, variant }, { features, outputs }) {
      const { outputs: width } = linearSizes[variant];
      return maps * dense(lookback, width) + dense(features * width, outputs);
    },
    activations: ({ lookback, variant }, features) => 3 * lookback * features + linearSizes[variant].outputs * features,
    largest: ({ lookback }, features, batch) => maps * batch * lookback * features,
    describe(variant) {
      const { outputs } = linearSizes[variant];
      return maps === 1 ? `a linear map to ${outputs}` : `two linear maps to ${outputs}`;
    },
  };
}

export const dlinearSizing = linear(2);
export const nlinearSizing = linear(1);
