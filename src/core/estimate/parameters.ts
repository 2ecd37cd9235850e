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

/** Numbers that a model holds a sample: at the fullest of a training step, and at the end of a pass without training. */
export function countActivations(
  model: ModelConfig,
  features: number,
): { readonly training: number; readonly forward: number } {
  const { training, forward } = sizings[model.architecture];
  return { training: training(model, features), forward: forward(model, features) };
}

/** The size of a variant in words. */
export function describeSize(architecture: Architecture, variant: Variant): string {
  return sizings[architecture].describe(variant);
}
