import type { ModelConfig } from '#core/config/model.ts';
import type { ModelWidths } from '#core/models/descriptor.ts';
import { type Architecture, modelOf } from '#core/models/registry.ts';
import type { Variant } from '#core/models/variant.ts';

/** Trainable numbers of a model, by the formulas of MODELS.md#parameters. */
export function countParameters(settings: ModelConfig, widths: ModelWidths): number {
  const model = modelOf(settings.architecture);
  return model.parameters(model.sizes[settings.variant], settings, widths);
}

/**
 * Numbers that a model holds for one sample: at the fullest moment of a training step, and at the end of a forward
 * pass.
 */
export function countActivations(
  settings: ModelConfig,
  features: number,
): { readonly training: number; readonly forward: number } {
  const model = modelOf(settings.architecture);
  const size = model.sizes[settings.variant];
  return { training: model.training(size, settings, features), forward: model.forward(size, settings, features) };
}

/** The size of a variant in words. */
export function describeSize(architecture: Architecture, variant: Variant): string {
  const model = modelOf(architecture);
  return model.describe(model.sizes[variant]);
}
