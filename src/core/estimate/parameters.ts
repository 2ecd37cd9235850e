import { assertNever } from '#core/error.ts';
import type { ModelConfig } from '#core/config/model.ts';
import { gruSizes, mlpSizes, tcnSizes } from './sizes.ts';

/** What the data adds to a model's size: columns of its input and numbers it puts out. */
export interface ModelWidths {
  readonly features: number;
  readonly outputs: number;
}

/** Trainable numbers of a model, by the formulas of DOMAIN 7. */
export function countParameters(model: ModelConfig, { features, outputs }: ModelWidths): number {
  switch (model.architecture) {
    case 'mlp': {
      const widths = [model.lookback * features, ...mlpSizes[model.variant].units, outputs];
      return widths.slice(1).reduce((sum, width, i) => sum + dense(widths[i], width), 0);
    }
    case 'tcn': {
      const { channels, blocks, kernel } = tcnSizes[model.variant];
      const first = dense(kernel * features, channels) + (features === channels ? 0 : dense(features, channels));
      const conv = dense(kernel * channels, channels);
      return first + (2 * blocks - 1) * conv + dense(channels, outputs);
    }
    case 'gru': {
      const { units, layers } = gruSizes[model.variant];
      const layer = (width: number) => 3 * (units * (units + width) + units);
      return layer(features) + (layers - 1) * layer(units) + dense(units, outputs);
    }
    default:
      return assertNever(model.architecture);
  }
}

function dense(from: number, to: number): number {
  return from * to + to;
}

/** Bars that one output of a TCN can reach: 1 + 2(k − 1)(2^B − 1) for two convolutions a block. */
export function receptiveField(model: ModelConfig): number {
  const { blocks, kernel } = tcnSizes[model.variant];
  return 1 + 2 * (kernel - 1) * (2 ** blocks - 1);
}

/** Numbers kept for the backward pass a sample (DOMAIN 7): the window and what each layer puts out. */
export function countActivations(model: ModelConfig, features: number): number {
  const window = model.lookback * features;
  switch (model.architecture) {
    case 'mlp':
      // Before and after the activation, and the dropout mask.
      return window + 3 * mlpSizes[model.variant].units.reduce((sum, width) => sum + width, 0);
    case 'tcn': {
      const { channels, blocks } = tcnSizes[model.variant];
      return window + 8 * blocks * model.lookback * channels;
    }
    case 'gru': {
      const { units, layers } = gruSizes[model.variant];
      return window + 8 * layers * model.lookback * units;
    }
    default:
      return assertNever(model.architecture);
  }
}

/** Numbers of the largest single tensor of a step: scratch space is counted by it. */
export function largestTensor(model: ModelConfig, features: number, batch: number): number {
  const window = batch * model.lookback * features;
  switch (model.architecture) {
    case 'mlp': {
      const { units } = mlpSizes[model.variant];
      return Math.max(window, model.lookback * features * units[0], batch * Math.max(...units));
    }
    case 'tcn': {
      const { channels, kernel } = tcnSizes[model.variant];
      // The gathered columns of a convolution.
      return Math.max(window, batch * model.lookback * channels * kernel);
    }
    case 'gru':
      return Math.max(window, batch * model.lookback * 3 * gruSizes[model.variant].units);
    default:
      return assertNever(model.architecture);
  }
}
