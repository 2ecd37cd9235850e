import { linearSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

/**
 * `maps` linear maps over time, shared by the features, and a head on what they put out for each. The forward pass is the
 * fullest: its gradients are those of what the maps put out. `held` counts what it makes before the maps.
 */
function linear(maps: number, held: (lookback: number) => number): Sizing {
  const numbers: Sizing['forward'] = ({ lookback, variant }, features) =>
    features * (held(lookback) + 4 * linearSizes[variant].outputs);
  return {
    parameters({ lookback, variant }, { features, outputs }) {
      const { outputs: width } = linearSizes[variant];
      return maps * dense(lookback, width) + dense(features * width, outputs);
    },
    training: numbers,
    forward: numbers,
    describe(variant) {
      const { outputs } = linearSizes[variant];
      return maps === 1 ? `a linear map to ${outputs}` : `two linear maps to ${outputs}`;
    },
  };
}

/** Window, trend and season; both joined, and that transposed (2 L each); and the window with 24 bars repeated at its ends. */
export const dlinearSizing = linear(2, (lookback) => 8 * lookback + 24);
/** Window, its distance to the last bar, and that transposed. */
export const nlinearSizing = linear(1, (lookback) => 3 * lookback);
