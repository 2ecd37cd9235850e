import { sample } from '#tests/support/scale.ts';
import { describeModel } from './conformance.ts';

// Windows shorter than the receptive field of 125 (even and odd: zeros in front), longer (steps cut off), and as wide as
// the channels (no 1×1 convolution).
const shapes = [
  { lookback: 8, features: 3, outputs: 2 },
  { lookback: 37, features: 2, outputs: 1 },
  { lookback: 64, features: 32, outputs: 2 },
  { lookback: 150, features: 1, outputs: 1 },
];
// Its plain operations are slow on the engine that compares.
describeModel('tcn', shapes, { gradientsAt: sample(shapes, shapes.length) });
