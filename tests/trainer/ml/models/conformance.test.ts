import { vi } from 'vitest';
import { sample } from '#tests/support/scale.ts';
import { type Architecture, architectures } from '#core/models/registry.ts';
import type { ModelShape } from '#trainer/ml/models/model.ts';
import { describeModel, type Peculiarities } from './conformance.ts';
import { everyOption } from './every-option.ts';

const usual: readonly ModelShape[] = [
  { lookback: 8, features: 4, outputs: 2 },
  { lookback: 19, features: 5, outputs: 1 },
];

/** Shapes at which a network's arithmetic differs, and what else sets it apart; one that is not here has nothing of the kind. */
const apart: Partial<Record<Architecture, Peculiarities & { readonly shapes?: readonly ModelShape[]; slow?: true }>> = {
  // Windows shorter than the receptive field of 125 (even and odd: zeros in front), longer (steps cut off), and as wide as
  // the channels (no 1×1 convolution). Its plain operations are slow on the engine that compares.
  tcn: {
    slow: true,
    shapes: [
      { lookback: 37, features: 2, outputs: 1 },
      { lookback: 64, features: 32, outputs: 2 },
      { lookback: 150, features: 1, outputs: 1 },
    ],
  },
  // A single feature, which it must not normalise away, and two.
  tsmixer: {
    shapes: [
      { lookback: 13, features: 1, outputs: 2 },
      { lookback: 9, features: 2, outputs: 1 },
    ],
  },
  // Windows shorter than a patch (13: their second half is cut), of a patch, and longer ones that end within a stride. A key's
  // bias adds the same to all scores of a query, and softmax takes no notice of that.
  patchtst: {
    shapes: [
      { lookback: 13, features: 2, outputs: 1 },
      { lookback: 16, features: 1, outputs: 2 },
      { lookback: 37, features: 2, outputs: 2 },
    ],
    idle: /_key\/bias$/,
  },
  // A window longer than the 25 bars of the moving average.
  dlinear: { shapes: [{ lookback: 40, features: 2, outputs: 1 }], dropsNothing: true },
  nlinear: { dropsNothing: true },
};

vi.setConfig({ testTimeout: 60_000 });
for (const architecture of architectures) {
  const { shapes = [], slow = false, ...peculiarities } = apart[architecture] ?? {};
  const [defaults, ...others] = everyOption(architecture);
  const all = [...usual, ...shapes];
  const gradientsAt = slow ? sample(all, all.length) : all;
  describeModel(architecture, defaults, all, { ...peculiarities, gradientsAt });
  for (const options of others) describeModel(architecture, options, usual, peculiarities);
}
