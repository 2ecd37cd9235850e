import type { Architecture, ModelConfig, Variant } from '#core/config/model.ts';
import { dlinearSizing, nlinearSizing } from './linear.ts';
import { mlpSizing } from './mlp.ts';
import { patchtstSizing } from './patchtst.ts';
import { gruSizing, lstmSizing } from './recurrent.ts';
import type { ModelWidths, Sizing } from './sizing.ts';
import { tcnSizing } from './tcn.ts';
import { tsmixerSizing } from './tsmixer.ts';

const sizings: Readonly<Record<Architecture, Sizing>> = {
  mlp: mlpSizing,
  tcn: tcnSizing,
  gru: gruSizing,
  lstm: lstmSizing,
  tsmixer: tsmixerSizing,
  patchtst: patchtstSizing,
  dlinear: dlinearSizing,
  nlinear: nlinearSizing,
};

/** Trainable numbers of a model, by the formulas of DOMAIN 7. */
export function countParameters(model: ModelConfig, widths: ModelWidths): number {
  return sizings[model.architecture].parameters(model, widths);
}

/** Numbers kept for the backward pass a sample (DOMAIN 7): the window and what each layer puts out. */
export function countActivations(model: ModelConfig, features: number): number {
  return model.lookback * features + sizings[model.architecture].activations(model, features);
}

/** Numbers of the largest single tensor of a step: scratch space is counted by it. */
export function largestTensor(model: ModelConfig, features: number, batch: number): number {
  return Math.max(batch * model.lookback * features, sizings[model.architecture].largest(model, features, batch));
}

/** The size of a variant in words. */
export function describeSize(architecture: Architecture, variant: Variant): string {
  return sizings[architecture].describe(variant);
}
