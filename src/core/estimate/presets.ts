import type { ModelConfig } from '#core/config/model.ts';
import { type Variant, variants } from '#core/models/variant.ts';
import { describeSize } from './parameters.ts';

/** A button over the model cell: what it is called, what it sets and what that means for the architecture chosen. */
interface Preset {
  readonly variant: Variant;
  readonly title: string;
  /** Widths and depths in words, e.g. "dense layers of 256 and 128 units". */
  readonly summary: string;
  /** The override that does the same. */
  readonly override: string;
  /** Dotted key → [old, new] for the model cell it would be pressed on; empty when it is chosen already. */
  readonly changes: Readonly<Record<string, readonly [unknown, unknown]>>;
}

const titles: Readonly<Record<Variant, string>> = { base: 'Base', medium: 'Medium', large: 'Large' };

/** Base, Medium and Large for a model: group options that set widths and depths only, never the lookback. */
export function modelPresets(model: ModelConfig): readonly Preset[] {
  return variants.map((variant): Preset => ({
    variant,
    title: titles[variant],
    summary: describeSize(model.architecture, variant),
    override: `model=${variant}`,
    changes: changesTo(model, variant),
  }));
}

function changesTo(model: ModelConfig, variant: Variant): Preset['changes'] {
  return model.variant === variant ? {} : { 'model.variant': [model.variant, variant] };
}
