import { dense } from './dense.ts';
import type { ModelDescriptor } from './descriptor.ts';
import { planSteps } from './tcn-steps.ts';

/** Residual blocks of two dilated causal convolutions; block b has dilation 2^b. The head reads the last step. */
interface TcnSize {
  readonly channels: number;
  readonly blocks: number;
  readonly kernel: number;
}

/** Numbers a sample: C·Σ(middle·m + out·o) over the steps m and o that each block computes, and two windows. */
function count(
  { channels, blocks, kernel }: TcnSize,
  lookback: number,
  features: number,
  held: { readonly middle: number; readonly out: number },
): number {
  const steps = planSteps(lookback, blocks, kernel).map(({ middle, out }) => held.middle * middle + held.out * out);
  return channels * steps.reduce((sum, each) => sum + each, 0) + 2 * lookback * features;
}

/** Bars that one output reaches: 1 + 2(k − 1)(2^B − 1) for two convolutions a block. */
const reach = ({ blocks, kernel }: TcnSize): number => 1 + 2 * (kernel - 1) * (2 ** blocks - 1);

export const tcn: ModelDescriptor<TcnSize> = {
  title: 'TCN',
  summary: 'dilated causal convolutions',
  sizes: {
    base: { channels: 32, blocks: 5, kernel: 3 },
    medium: { channels: 64, blocks: 6, kernel: 3 },
    large: { channels: 128, blocks: 7, kernel: 3 },
  },
  options: {},
  shapedBy: [],
  describe: ({ channels, blocks, kernel }) => `${blocks} residual blocks of ${channels} channels, kernel ${kernel}`,
  parameters({ channels, blocks, kernel }, _settings, { features, outputs }) {
    const first = dense(kernel * features, channels) + (features === channels ? 0 : dense(features, channels));
    const conv = dense(kernel * channels, channels);
    return first + (2 * blocks - 1) * conv + dense(channels, outputs);
  },
  /**
   * For each convolution its output before and after dropout, and two gradients; at the end of a block also the sum and
   * the skip.
   */
  training: (size, { lookback }, features) => count(size, lookback, features, { middle: 4, out: 12 }),
  forward: (size, { lookback }, features) => count(size, lookback, features, { middle: 1, out: 5 }),
  reach,
  notes(size, { lookback }) {
    const field = reach(size);
    if (field < lookback) {
      return [`The convolutions span ${field} bars; the ${lookback - field} oldest of the window are unused.`];
    }
    if (field <= 2 * lookback) return [];
    return [`The convolutions span ${field} bars, more than twice the window of ${lookback}: much is padding.`];
  },
};
