import { dense } from './dense.ts';
import type { ModelDescriptor } from './descriptor.ts';

/** Numbers that the linear map over time makes of each feature. */
interface LinearSize {
  readonly outputs: number;
}

/** What tells one linear network from another. */
interface LinearKind {
  readonly title: string;
  readonly summary: string;
  /** Maps over time, shared by the features. */
  readonly maps: number;
  /** Numbers held for each feature before the maps are applied. */
  readonly held: (lookback: number) => number;
}

/**
 * Linear maps over time, and a head on their outputs for all features. The forward pass is the fullest moment: the
 * gradients are only as large as the outputs of the maps. A variant never sets the lookback, so the width grows
 * (MODELS.md#sizes).
 */
export function linear({ title, summary, maps, held }: LinearKind): ModelDescriptor<LinearSize> {
  const numbers = ({ outputs }: LinearSize, { lookback }: { readonly lookback: number }, features: number) =>
    features * (held(lookback) + 4 * outputs);
  return {
    title,
    summary,
    sizes: { base: { outputs: 16 }, medium: { outputs: 32 }, large: { outputs: 64 } },
    options: {},
    isLinear: true,
    shapedBy: ['lookback'],
    describe: ({ outputs }) => (maps === 1 ? `a linear map to ${outputs}` : `two linear maps to ${outputs}`),
    parameters: ({ outputs: width }, { lookback }, { features, outputs }) =>
      maps * dense(lookback, width) + dense(features * width, outputs),
    training: numbers,
    forward: numbers,
  };
}
