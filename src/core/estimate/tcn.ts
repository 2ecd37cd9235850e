import type { ModelConfig, Variant } from '#core/config/model.ts';
import { tcnSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';
import { planSteps } from './tcn-steps.ts';

/** Numbers a sample: C·Σ(middle·m + out·o) over the steps m and o that each block computes, and two windows. */
function count(
  { lookback, variant }: ModelConfig,
  features: number,
  held: { readonly middle: number; readonly out: number },
): number {
  const { channels, blocks, kernel } = tcnSizes[variant];
  const steps = planSteps(lookback, blocks, kernel).map(({ middle, out }) => held.middle * middle + held.out * out);
  return channels * steps.reduce((sum, each) => sum + each, 0) + 2 * lookback * features;
}

export const tcnSizing: Sizing = {
  parameters({ variant }, { features, outputs }) {
    const { channels, blocks, kernel } = tcnSizes[variant];
    const first = dense(kernel * features, channels) + (features === channels ? 0 : dense(features, channels));
    const conv = dense(kernel * channels, channels);
    return first + (2 * blocks - 1) * conv + dense(channels, outputs);
  },
  /** Of each convolution what it puts out before and after dropout, and two gradients; at a block's end sum and skip too. */
  training: (model, features) => count(model, features, { middle: 4, out: 12 }),
  forward: (model, features) => count(model, features, { middle: 1, out: 5 }),
  describe(variant) {
    const { channels, blocks, kernel } = tcnSizes[variant];
    return `${blocks} residual blocks of ${channels} channels, kernel ${kernel}`;
  },
};

/** Bars that one output of a TCN can reach: 1 + 2(k − 1)(2^B − 1) for two convolutions a block. */
export function receptiveField({ variant }: { readonly variant: Variant }): number {
  const { blocks, kernel } = tcnSizes[variant];
  return 1 + 2 * (kernel - 1) * (2 ** blocks - 1);
}
