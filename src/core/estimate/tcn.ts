import type { Variant } from '#core/config/model.ts';
import { tcnSizes } from './sizes.ts';
import { dense, type Sizing } from './sizing.ts';

export const tcnSizing: Sizing = {
  parameters({ variant }, { features, outputs }) {
    const { channels, blocks, kernel } = tcnSizes[variant];
    const first = dense(kernel * features, channels) + (features === channels ? 0 : dense(features, channels));
    const conv = dense(kernel * channels, channels);
    return first + (2 * blocks - 1) * conv + dense(channels, outputs);
  },
  activations({ lookback, variant }) {
    const { channels, blocks } = tcnSizes[variant];
    return 8 * blocks * lookback * channels;
  },
  /** The gathered columns of a convolution. */
  largest({ lookback, variant }, _features, batch) {
    const { channels, kernel } = tcnSizes[variant];
    return batch * lookback * channels * kernel;
  },
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
